using System.Globalization;
using System.Text.Json;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Reads the fields of a body one by one, and collects what is wrong with all of them.</summary>
internal sealed class HookEventRules(JsonElement root)
{
    private const string Required = "This field is required.";
    private const string NoString = "This field must be a string.";

    /// <summary>Errors so far, by field; null without any.</summary>
    public Dictionary<string, string[]>? Errors { get; private set; }

    public StreamPath Path()
    {
        string? text = Text("path", required: true);
        if (!StreamPath.TryParse(text, out StreamPath path) && text is not null)
        {
            Refuse("path", $"The path must match {StreamPath.Pattern}.");
        }

        return path;
    }

    /// <summary>Who publishes. An empty id becomes the type: MediaMTX gives what it pulls itself (rtspSource, hlsSource...) no id.</summary>
    /// <remarks>
    /// A path has at most one such source, so its type pairs its ready and its not-ready event and tells it from a publisher. Only the poll
    /// can mend a not-ready that arrives after the ready of the next pull.
    /// </remarks>
    public MediaSource Source()
    {
        string type = Token("sourceType", 1, HookEvent.MaxSourceTypeLength);
        string id = Token("sourceId", 0, HookEvent.MaxSourceIdLength);
        return new(type, id.Length == 0 ? type : id);
    }

    public string Query()
    {
        string text = Text("query", required: false) ?? "";

        // JSON schema counts characters, not UTF-16 units.
        if (text.Length > HookEvent.MaxQueryLength && text.EnumerateRunes().Count() > HookEvent.MaxQueryLength)
        {
            Refuse("query", $"The query must have at most {HookEvent.MaxQueryLength} characters.");
            return "";
        }

        return QueryCredentials.Strip(text);
    }

    public Guid? EventId()
    {
        if (Text("eventId", required: false) is not { } text)
        {
            return null;
        }

        if (!Guid.TryParseExact(text, "D", out Guid id))
        {
            Refuse("eventId", "The event id must be a UUID, for example 0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e.");
        }

        return id;
    }

    public DateTimeOffset? OccurredAt()
    {
        if (Text("occurredAt", required: false) is not { } text)
        {
            return null;
        }

        if (!Rfc3339.TryParse(text, out DateTimeOffset at))
        {
            Refuse("occurredAt", "The time must be an RFC 3339 date-time with an offset, for example 2026-01-31T12:00:00.123Z.");
        }

        return at;
    }

    /// <summary>The media server's name; whether there is one of this name is for <see cref="EventIntake"/>.</summary>
    public string? Node()
    {
        string? text = Text("node", required: false);
        if (text is not null && !MediaNodeNames.IsName(text))
        {
            Refuse("node", $"The media server's name must match {MediaNodeNames.Pattern}.");
        }

        return text;
    }

    // Printable ASCII characters without spaces, which is what MediaMTX gives its sources.
    private string Token(string field, int minLength, int maxLength)
    {
        string? text = Text(field, required: true);
        if (text is not null && (text.Length < minLength || text.Length > maxLength || text.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            Refuse(field, string.Create(CultureInfo.InvariantCulture, $"This field must match ^[!-~]{{{minLength},{maxLength}}}$."));
        }

        return text ?? "";
    }

    private string? Text(string field, bool required)
    {
        if (!root.TryGetProperty(field, out JsonElement value))
        {
            RefuseIf(required, field, Required);
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        RefuseIf(required || value.ValueKind != JsonValueKind.Null || field != "query", field, NoString);
        return null;
    }

    private void RefuseIf(bool wrong, string field, string error)
    {
        if (wrong)
        {
            Refuse(field, error);
        }
    }

    private void Refuse(string field, string error) => (Errors ??= [])[field] = [error];
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Reads and validates the body of a hook's event. Pure, and throws for no input. Unlike model binding it reports all wrong fields at once, refuses a key that occurs twice, and repeats nothing of what came in.</summary>
internal static class HookEventReader
{
    // Two equal keys mean different things to different readers, so a body that has them has no meaning.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static HookEventReading Read(in ReadOnlySequence<byte> body)
    {
        ReadOnlyMemory<byte> bytes = body.IsSingleSegment ? body.First : body.ToArray();
        if (!Utf8.IsValid(bytes.Span))
        {
            return NoUnicode();
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException unreadable)
        {
            // Not the exception's message: it repeats what came in, at any length.
            return Malformed(unreadable.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"Reading stopped at line {line + 1}, byte {unreadable.BytePositionInLine}.")
                : "A key occurs twice in one object.");
        }
        catch (InvalidOperationException)
        {
            return NoUnicode();
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static HookEventReading Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new(Errors: new Dictionary<string, string[]> { ["$"] = ["The body must be a JSON object."] });
        }

        try
        {
            HookEventRules fields = new(root);
            StreamPath path = fields.Path();
            MediaSource source = fields.Source();
            string query = fields.Query();
            Guid? eventId = fields.EventId();
            DateTimeOffset? occurredAt = fields.OccurredAt();
            string? node = fields.Node();
            return fields.Errors is { } errors
                ? new(Errors: errors, Path: path)
                : new(new HookEvent { Path = path, Source = source, Query = query, EventId = eventId, OccurredAt = occurredAt, Node = node }, Path: path);
        }
        catch (InvalidOperationException)
        {
            // Only reading a string's text throws it here: an escaped half of a surrogate pair.
            return NoUnicode();
        }
    }

    private static HookEventReading NoUnicode() => Malformed("A string is not valid Unicode.");

    private static HookEventReading Malformed(string why) => new(Malformed: why);
}

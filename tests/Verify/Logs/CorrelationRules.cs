using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streams.Verify.Logs;

/// <summary>Correlation fields (FR-012) that a line of the silo's log must carry, each with a value.</summary>
internal static partial class CorrelationRules
{
    private static readonly string[] Of = ["StreamId"];
    private static readonly string[] OfSource = [.. Of, "SourceId", "SourceType"];
    private static readonly string[] OfEvent = [.. OfSource, "EventId"];
    private static readonly string[] OfSavedEvent = [.. OfEvent, "Generation"];
    private static readonly string[] OfWorker = [.. OfSource, "Generation", "WorkerPid"];

    /// <summary>Whether a line is about a stream: it has the field, or names a stream's path.</summary>
    public static bool IsAboutStream(string line, JsonElement? fields) =>
        (fields is { } known && Has(known, "StreamId")) || StreamPath().IsMatch(line);

    /// <summary>The fields that are missing in a line about a stream; all of them when it is no JSON.</summary>
    public static IReadOnlyList<string> Missing(JsonElement? fields) =>
        fields is { } known ? [.. Required(known).Where(name => !Has(known, name))] : Of;

    // By the number of the message; what is known depends on it, and for a phase, on the phase. SourceId is unknown where nobody publishes.
    private static IEnumerable<string> Required(JsonElement fields) => (Number(fields, "LogId"), Text(fields, "Phase")) switch
    {
        (1001 or 1201, _) => OfSavedEvent,
        (1203 or 1204, _) => OfEvent,
        (1002, "Running") => OfWorker,
        (1002, "Starting" or "Backoff") => OfSource.Append("Generation"),
        (1003, _) => OfSource.Append("Generation"),
        (1002 or 1004, _) => Of.Append("Generation"),
        ( >= 2001 and <= 2010, _) => OfWorker,
        _ => Of,
    };

    private static bool Has(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null && value.ToString().Length > 0;

    private static int? Number(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out JsonElement value) && value.TryGetInt32(out int number) ? number : null;

    private static string? Text(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("live/[A-Za-z0-9_-]{1,64}/(?:in|out)")]
    private static partial Regex StreamPath();
}

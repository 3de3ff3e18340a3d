using System.Text.Json;

namespace Streams.Verify.Logs;

/// <summary>What a log's lines about streams carry.</summary>
/// <param name="Checked">How many lines are about a stream.</param>
/// <param name="Gaps">Each line that lacks a field: the missing fields, then the line.</param>
internal sealed record CorrelationCheck(int Checked, IReadOnlyList<string> Gaps)
{
    private const int ShownLength = 300;

    /// <summary>Checks lines of JSON.</summary>
    public static CorrelationCheck Of(IEnumerable<string> lines)
    {
        int seen = 0;
        List<string> gaps = [];
        foreach (string line in lines)
        {
            JsonElement? fields = Parse(line);
            if (!CorrelationRules.IsAboutStream(line, fields))
            {
                continue;
            }

            seen++;
            if (CorrelationRules.Missing(fields) is { Count: > 0 } missing)
            {
                gaps.Add($"without {string.Join(", ", missing)}: {(line.Length > ShownLength ? line[..ShownLength] + "..." : line)}");
            }
        }

        return new CorrelationCheck(seen, gaps);
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            JsonElement parsed = JsonDocument.Parse(line).RootElement;
            return parsed.ValueKind == JsonValueKind.Object ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;

namespace Streams.Verify.Logs;

/// <summary>Result of checking a log for correlation fields.</summary>
/// <param name="Checked">Number of lines about a stream.</param>
/// <param name="Gaps">The missing fields of each line that lacks one, and the line.</param>
internal sealed record CorrelationCheck(int Checked, IReadOnlyList<string> Gaps)
{
    private const int ShownLength = 300;

    /// <summary>Checks the lines of a JSON log.</summary>
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

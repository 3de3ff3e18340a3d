using System.Text;

namespace Streams.Benchmarks;

/// <summary>A section as a table, aligned to be read in a terminal as well.</summary>
internal static class SectionTable
{
    private static readonly string[] Head = ["what", "measured", "target", "", "reference", "ratio", "note"];

    public static string Of(Section section)
    {
        string[][] lines = [Head, .. section.Findings.Rows.Select(Cells)];
        int[] used = [.. Enumerable.Range(0, Head.Length).Where(column => lines[1..].Any(line => line[column].Length > 0))];
        int[] widths = [.. used.Select(column => Math.Max(3, lines.Max(line => line[column].Length)))];
        StringBuilder text = new();
        Append(Head);
        text.AppendLine($"| {string.Join(" | ", widths.Select(static width => new string('-', width)))} |");
        foreach (string[] line in lines[1..])
        {
            Append(line);
        }

        return text.ToString();

        void Append(string[] line) =>
            text.AppendLine($"| {string.Join(" | ", used.Select((column, index) => line[column].PadRight(widths[index])))} |");
    }

    private static string[] Cells(Row row) =>
    [
        row.What,
        Numbers.Text(row.Value, row.Unit),
        Target(row),
        row.IsMet switch { true => "met", false => "MISSED", null => "" },
        row.ReferenceValue is { } value ? $"{row.Reference}: {Numbers.Text(value, row.Unit)}" : "",
        row.Ratio is { } ratio ? Numbers.Text(ratio) : "",
        row.Note,
    ];

    private static string Target(Row row)
    {
        string?[] targets =
        [
            row.AtMost is { } most ? $"<= {Numbers.Text(most, row.Unit)}" : null,
            row.AtLeast is { } least ? $">= {Numbers.Text(least, row.Unit)}" : null,
            row.RatioAtMost is { } ratioMost ? $"ratio <= {Numbers.Text(ratioMost)}" : null,
            row.RatioAtLeast is { } ratioLeast ? $"ratio >= {Numbers.Text(ratioLeast)}" : null,
        ];
        return string.Join(", ", targets.OfType<string>());
    }
}

namespace Streams.Benchmarks.Results;

/// <summary>Table of a section's rows.</summary>
internal static class SectionTable
{
    private static readonly string[] Head = ["what", "measured", "target", "", "reference", "ratio", "note"];

    public static string Of(Section section) => MarkdownTable.Of(Head, section.Findings.Rows.Select(Cells), omitsEmpty: true);

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

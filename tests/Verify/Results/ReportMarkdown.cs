using System.Globalization;
using System.Text;

namespace Streams.Verify;

/// <summary>A report for people: the table, then the notes.</summary>
internal static class ReportMarkdown
{
    private static readonly string[] Head = ["id", "criterion", "target", "1 stream", "5 streams", "result"];

    /// <summary>The whole report.</summary>
    public static string Of(Report report)
    {
        StringBuilder text = new();
        text.AppendLine("# Verification").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- {report.At:yyyy-MM-dd HH:mm} UTC, {report.Commit}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Media server: **{report.MediaServer}**");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Machine: {report.Machine}").AppendLine();
        text.Append(Table(report)).AppendLine();
        text.AppendLine("Times are compared by their 95th percentile (nearest rank); n is the number of samples.");
        AppendNotes(text, report);
        return text.ToString();
    }

    /// <summary>The table alone, its columns aligned to be read in a terminal as well.</summary>
    public static string Table(Report report)
    {
        string[][] lines = [Head, .. report.Rows.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Head.Length).Select(column => lines.Max(line => line[column].Length))];
        StringBuilder text = new();
        AppendLine(Head);
        AppendLine([.. widths.Select(static width => new string('-', width))]);
        foreach (string[] line in lines[1..])
        {
            AppendLine(line);
        }

        return text.ToString();

        void AppendLine(string[] cells) =>
            text.AppendLine($"| {string.Join(" | ", cells.Select((cell, column) => cell.PadRight(widths[column])))} |");
    }

    private static string[] Cells(ReportRow row) =>
    [
        row.Criterion.Id, row.Criterion.Text, row.Criterion.Target, Cell(row.One), Cell(row.Five), row.Passed ? "pass" : "FAIL",
    ];

    private static string Cell(Outcome? outcome) => outcome is null ? "" : outcome.Measured.Replace("|", "\\|", StringComparison.Ordinal);

    private static void AppendNotes(StringBuilder text, Report report)
    {
        foreach (ReportRow row in report.Rows)
        {
            string[] one = [.. row.One?.Notes ?? []];
            string[] both = [.. one.Intersect(row.Five.Notes)];
            string[] notes =
            [
                .. both,
                .. one.Except(both).Select(static note => $"1 stream: {note}"),
                .. row.Five.Notes.Except(both).Select(static note => $"5 streams: {note}"),
            ];
            if (notes.Length > 0)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {row.Criterion.Id}").AppendLine();
                foreach (string note in notes)
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"- {note.Replace("\n", "\n  ", StringComparison.Ordinal)}");
                }
            }
        }
    }
}

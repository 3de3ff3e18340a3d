using System.Globalization;
using System.Text;

namespace Streams.Verify.Results;

/// <summary>A report as Markdown: the table, then the notes.</summary>
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

    /// <summary>The table alone.</summary>
    public static string Table(Report report) => MarkdownTable.Of(Head, report.Rows.Select(static row => (string[])
    [
        row.Criterion.Id, row.Criterion.Text, row.Criterion.Target, row.One?.Measured ?? "", row.Five.Measured, row.Passed ? "pass" : "FAIL",
    ]));

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

using System.Text;

namespace Streams.Measuring.Tables;

/// <summary>Writes tables of Markdown with aligned columns, readable in a terminal as well.</summary>
public static class MarkdownTable
{
    private const int LeastWidth = 3;

    /// <summary>The whole table.</summary>
    /// <param name="head">The titles of the columns.</param>
    /// <param name="rows">The cells of each row, one for each title.</param>
    /// <param name="omitsEmpty">Whether to omit columns that are empty in every row.</param>
    public static string Of(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, bool omitsEmpty = false)
    {
        string[][] body = [.. rows.Select(static row => row.Select(Escape).ToArray())];
        int[] columns = [.. Enumerable.Range(0, head.Count).Where(column => !omitsEmpty || body.Any(row => row[column].Length > 0))];
        int[] widths = [.. columns.Select(column => body.Select(row => row[column].Length).Append(head[column].Length).Append(LeastWidth).Max())];
        StringBuilder text = new();
        Append(columns.Select(column => head[column]));
        Append(widths.Select(static width => new string('-', width)));
        foreach (string[] row in body)
        {
            Append(columns.Select(column => row[column]));
        }

        return text.ToString();

        void Append(IEnumerable<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select((cell, index) => cell.PadRight(widths[index]))).Append(" |\n");
    }

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}

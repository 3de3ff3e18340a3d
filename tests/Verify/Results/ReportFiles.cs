namespace Streams.Verify.Results;

/// <summary>Writes a report as Markdown and as JSON.</summary>
internal static class ReportFiles
{
    /// <summary>Writes <c>report.md</c> and <c>report.json</c>.</summary>
    public static async Task Write(Report report, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), ReportMarkdown.Of(report));
        await JsonFile.Write(Path.Combine(folder, "report.json"), report);
    }
}

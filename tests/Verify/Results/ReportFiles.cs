using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streams.Verify;

/// <summary>Writes a report, for people and for programs.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>report.md</c> and <c>report.json</c>.</summary>
    public static async Task Write(Report report, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), ReportMarkdown.Of(report));
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(report, Json) + "\n");
    }
}

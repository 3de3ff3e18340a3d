using System.Globalization;
using System.Text.Json;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-010: what make coverage found; it is run when it was not since the code last changed.</summary>
internal sealed class Coverage(Cleanup cleanup) : IMeasure
{
    private static readonly string[] Sources = ["Api", "Grains", "Grains.Abstractions", "Silo", "hooks", "tests"];

    private IReadOnlyDictionary<string, Outcome>? _measured;

    public IReadOnlyList<string> Ids => ["SC-010"];

    /// <summary>Measured once, since it does not depend on the number of streams.</summary>
    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene)
    {
        if (_measured is null)
        {
            string summary = Path.Combine(scene.System.Folder, "coverage", "summary.json");
            if (!File.Exists(summary) || File.GetLastWriteTimeUtc(summary) < LastChange())
            {
                await scene.System.Make("coverage", cleanup);
            }

            _measured = new Dictionary<string, Outcome> { ["SC-010"] = OutcomeOf(JsonDocument.Parse(await File.ReadAllTextAsync(summary)).RootElement) };
        }

        return _measured;
    }

    private static Outcome OutcomeOf(JsonElement summary)
    {
        int failed = summary.GetProperty("failed").GetInt32();
        return new Outcome
        {
            Passed = summary.GetProperty("isMet").GetBoolean(),
            Measured = string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.GetProperty("lineCoverage").GetDouble():0.0} %, hook {summary.GetProperty("hookCoverage").GetDouble():0.0} %, {failed} tests failed"),
            Notes = [$"Of `make coverage`, {summary.GetProperty("at").GetString()}, {summary.GetProperty("passed").GetInt32()} tests passed; it does not depend on streams."],
        };
    }

    private static DateTime LastChange() => Sources
        .SelectMany(static folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Max(File.GetLastWriteTimeUtc);
}

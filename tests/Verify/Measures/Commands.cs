using System.Globalization;
using Streams.Verify.Documents;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-008: the documents' blocks of commands, each document on a fresh system.</summary>
internal sealed class Commands(Cleanup cleanup) : IMeasure
{
    private const string Transcript = "documents.txt";

    public IReadOnlyList<string> Ids => ["SC-008"];

    public Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene) => Measure(scene.System, null);

    /// <summary>Runs the blocks of all documents.</summary>
    /// <param name="main">The system whose build is used.</param>
    /// <param name="ports">Free ports by their settings; others when null.</param>
    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(LocalSystem main, IReadOnlyDictionary<string, int>? ports)
    {
        List<BlockResult> results = [];
        bool asWritten = true;
        foreach (string document in Library.Documents)
        {
            LocalSystem system = await main.Beside("documents", ports);
            cleanup.Push(system.Stop);
            DocumentedPorts documented = new(Settings.DefaultPorts.ToDictionary(
                static port => port.Value, port => int.Parse(system.Settings[port.Key], CultureInfo.InvariantCulture)));
            asWritten &= documented.AreDefault;
            results.AddRange(await new DocumentRun(system, documented, cleanup).Run(Library.Read(document)));
        }

        await File.WriteAllLinesAsync(Path.Combine(main.Folder, "verify", Transcript), results.Select(static result => result.Transcript));
        return new Dictionary<string, Outcome> { ["SC-008"] = OutcomeOf(results, asWritten) };
    }

    private static Outcome OutcomeOf(List<BlockResult> results, bool asWritten)
    {
        BlockResult[] run = [.. results.Where(static result => result.Passed is not null)];
        int passed = run.Count(static result => result.Passed == true);
        string how = asWritten
            ? "Run exactly as written, on the documented ports."
            : "Run as written but for the ports: others took the place of the documented ones.";
        return new Outcome
        {
            Passed = run.Length > 0 && passed == run.Length,
            Measured = $"{passed} of {run.Length} blocks, {results.Count - run.Length} skipped",
            Notes =
            [
                $"{how} What each block wrote is in `verify/{Transcript}` below the run's folder.",
                .. results.Where(static result => result.Passed == false).Select(static result => $"FAILED {result.Block}: {result.Detail}"),
                .. results.Where(static result => result.Passed is null).Select(static result => $"skipped {result.Block}: {result.Detail}"),
            ],
        };
    }
}

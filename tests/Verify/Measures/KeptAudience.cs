using System.Globalization;
using Streams.Verify.Audience;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-013: an output is read while its worker, its publisher and its silo are changed, restarted and killed.</summary>
/// <param name="choice">Which changes and inputs.</param>
/// <param name="cleanup">Ends what it started.</param>
/// <param name="print">Prints a line of progress.</param>
internal sealed class KeptAudience(AudienceChoice choice, Cleanup cleanup, Action<string> print)
{
    /// <summary>The criterion.</summary>
    public const string Id = "SC-013";

    /// <summary>A row for each change and input; empty before the measurement.</summary>
    public IReadOnlyList<ReportRow> Rows { get; private set; } = [];

    /// <summary>Measures it on a system of its own, beside nothing.</summary>
    /// <param name="main">The developer's system, which tells the media server's program.</param>
    public async Task<Outcome> Measure(LocalSystem main)
    {
        await using AudienceSystem system = await cleanup.Keep(await AudienceSystem.Start(main, choice.IsKept));
        List<FaultResult> results = [];
        string run = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        foreach ((AudienceInput input, IReadOnlyList<Fault> faults) in choice.Combinations)
        {
            await using AudienceTrial trial = await cleanup.Keep(await AudienceTrial.Begin(system.Streams, input, system.Dub, $"audience-{run}-{results.Count}"));
            foreach (Fault fault in faults)
            {
                FaultResult result = await trial.Run(fault);
                print($"  {(result.IsMet ? "pass" : "FAIL")} {result}: {result.Measured}");
                results.Add(result);
            }
        }

        string[] notes = [.. Notes(system)];
        await system.DisposeAsync();
        if (choice.HasCluster && ClusterAudience.Missing is null)
        {
            results.AddRange(await MeasureCluster(main, run));
        }

        (Rows, Outcome outcome) = Sum(results, notes);
        return outcome;
    }

    /// <summary>The same in a cluster, whose silos are drained, killed and frozen, with and without a standby.</summary>
    private async Task<IReadOnlyList<FaultResult>> MeasureCluster(LocalSystem main, string run)
    {
        await using ClusterAudience cluster = await cleanup.Keep(await ClusterAudience.Start(main));
        List<FaultResult> results = [];
        foreach (IGrouping<string?, ClusterFault> faults in ClusterFault.All.GroupBy(static fault => fault.Profile))
        {
            await using ClusterTrial trial = await cleanup.Keep(await ClusterTrial.Begin(cluster.System, AudienceInput.All[0], faults.Key, $"cluster-{run}-{results.Count}"));
            foreach (ClusterFault fault in faults)
            {
                FaultResult result = await trial.Run(fault);
                print($"  {(result.IsMet ? "pass" : "FAIL")} {result}: {result.Measured}");
                results.Add(result);
            }
        }

        return results;
    }

    /// <summary>The rows, and the outcome of all of them.</summary>
    public static (IReadOnlyList<ReportRow> Rows, Outcome Outcome) Sum(IReadOnlyList<FaultResult> results, IReadOnlyList<string> notes)
    {
        ReportRow[] rows = [.. results.Select(static (result, index) => new ReportRow(
            new Criterion($"{Id}.{(index + 1).ToString("00", CultureInfo.InvariantCulture)}", result.ToString(), $"as {Id}"), null, new Outcome { Passed = result.IsMet, Measured = result.Measured }))];
        int met = results.Count(static result => result.IsMet);
        ReaderVerdict[] readers = [.. results.SelectMany(static result => result.Readers)];
        TimeSpan step = readers.Select(static reader => reader.LargestStep).DefaultIfEmpty().Max();
        return (rows, new Outcome
        {
            Passed = met == results.Count && results.Count > 0,
            Measured = string.Create(
                CultureInfo.InvariantCulture,
                $"{met} of {results.Count} changes met; {results.Sum(static result => result.Lost)} of {readers.Length} readers lost, largest step {step.TotalSeconds:0.00} s, {readers.Sum(static reader => reader.StepsBack)} steps back, {readers.Sum(static reader => reader.Damage.Count)} damages"),
            Notes =
            [
                .. notes,
                .. results.SelectMany(static result => result.Readers.Where(static reader => reader.Damage.Count > 0).Select(reader => $"damage, {result}, {reader.Reader}: {string.Join(" | ", reader.Damage.Take(3))}")),
            ],
        });
    }

    private IEnumerable<string> Notes(AudienceSystem system)
    {
        yield return "On a silo and a media server of its own, 320x180 at 30 pictures a second, one stream after the other; the others have ended. The gap is the longest time without a decoded picture: "
            + "with RTSP and RTMP by when it arrives, with HLS by when a player shows it that keeps to the time stamps, with hls.js by when the browser shows it; pictures that go on for less than a second do not end one of hls.js.";
        yield return "The limit is one GOP and 0.3 s (planned), or 0.8 s (crash), and what nobody could show: the time in which nobody published, or no silo ran. The step is that of the time stamps of picture or sound against the clock, "
            + "by RTSP and RTMP.";
        yield return $"Load of the machine at the end: {Machine.Load() ?? "unknown"}. The limits are for a quiet one.";
        if (choice.HasCluster)
        {
            yield return ClusterAudience.Missing is { } missing
                ? $"The cluster is left out: {missing}"
                : "The cluster: three silos with workers and one without. The limit of a silo that is killed has the time until the others start the next worker; of one with a standby, one GOP and 1 s, without that time.";
        }

        if (!choice.IsKept)
        {
            yield return "Outputs are not kept (AUDIENCE=off): these are the figures to compare with.";
        }

        if (system.Streams.Media.Kind == MediaServerKind.Standin)
        {
            yield return "The stand-in has no HLS: readers by HLS and the browser are left out.";
        }
        else if (InstalledChromium.Program is null)
        {
            yield return $"No browser (none of {string.Join(", ", InstalledChromium.Names)} is on the PATH): hls.js is left out.";
        }

        if (!choice.IsWhole)
        {
            yield return "All changes with key frames every second and no B-frames; with the other inputs a killed worker, a restart and a publisher that is away. AUDIENCE=all measures all with each.";
        }
    }
}

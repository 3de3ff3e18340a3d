using System.Globalization;
using Streams.Verify.Audience;
using Streams.Verify.Logs;
using Streams.Verify.Measures;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify;

/// <summary>Measures the criteria with one stream and with five, on the running system or on one that it starts.</summary>
/// <param name="wanted">The ids of the criteria to measure.</param>
/// <param name="audience">Which changes are measured with which input for SC-013.</param>
/// <param name="cleanup">Ends what the run started.</param>
/// <param name="print">Prints a line of progress.</param>
internal sealed class Verification(IReadOnlySet<string> wanted, AudienceChoice audience, Cleanup cleanup, Action<string> print)
{
    private readonly Commands _commands = new(cleanup);
    private readonly Coverage _coverage = new(cleanup);
    private readonly EveryInput _inputs = new(cleanup);
    private readonly KeptAudience _audience = new(audience, cleanup, print);
    private readonly Dictionary<string, Outcome> _one = [];
    private readonly Dictionary<string, Outcome> _five = [];

    private IEnumerable<IMeasure> Measures =>
        ((IMeasure[])[new Restarts(), new AddedLatency(), new AnswerTimes(), new StartUp(cleanup), _commands, new Correlation(), _inputs, _coverage])
        .Where(measure => measure.Ids.Any(wanted.Contains));

    /// <summary>Runs the verification.</summary>
    /// <exception cref="InvalidOperationException">The system cannot be started or stopped; the message says why.</exception>
    public async Task<Report> Run()
    {
        DateTimeOffset at = TimeProvider.System.GetUtcNow();
        LocalSystem main = await LocalSystem.OfDeveloper();
        TimeSpan? startedIn = await main.IsRunning() ? null : await StartAsNewUser(main);
        if (Measures.Any())
        {
            await MeasureOn(main, 1, startedIn, _one);
            await MeasureOn(main, 5, null, _five);
        }

        if (wanted.Contains(KeptAudience.Id))
        {
            await MeasureAudience(main);
        }

        List<ReportRow> rows = [.. Criterion.All.Where(criterion => _five.ContainsKey(criterion.Id)).Select(criterion => new ReportRow(criterion, _one.GetValueOrDefault(criterion.Id), _five[criterion.Id]))];
        ReportRow[] loaded = [.. rows.Where(row => !_inputs.Ids.Contains(row.Criterion.Id) && row.Criterion.Id != KeptAudience.Id)];
        if (loaded.Length > 0)
        {
            rows.Insert(loaded.Length, ReportRow.OfConcurrency(loaded));
        }

        rows.AddRange([.. _inputs.Rows, .. _audience.Rows]);
        return new Report
        {
            At = at,
            MediaServer = main.MediaServer,
            Machine = Machine.Describe() + (Machine.Load() is { } load ? $", load {load} at the end" : ""),
            Commit = await Machine.Commit(),
            Rows = rows,
        };
    }

    /// <summary>Runs the documented commands before the system starts, while the ports that they name are free.</summary>
    private async Task<TimeSpan> StartAsNewUser(LocalSystem main)
    {
        if (wanted.Overlaps(_commands.Ids))
        {
            Dictionary<string, int> ports = Settings.DefaultPorts.Keys.ToDictionary(
                static name => name, name => int.Parse(main.Settings[name], CultureInfo.InvariantCulture));
            await Measure(_commands.Ids, () => _commands.Measure(main, ports), "1 stream", _one);
        }

        cleanup.Push(main.Stop);
        return await main.Start();
    }

    /// <summary>On a system of its own, once the streams of the others have ended.</summary>
    private Task MeasureAudience(LocalSystem main) => Measure(
        [KeptAudience.Id], async () => new Dictionary<string, Outcome> { [KeptAudience.Id] = await _audience.Measure(main) }, "an audience", _five);

    private async Task MeasureOn(LocalSystem main, int count, TimeSpan? startedIn, Dictionary<string, Outcome> outcomes)
    {
        string streams = count == 1 ? "1 stream" : $"{count} streams";
        using HttpClient api = main.Settings.OpenApi();
        using HttpClient controlApi = main.Settings.OpenControlApi();
        StreamsClient client = new(api);
        ControlApiClient media = new(controlApi);
        LogMark log = LogMark.AtEnd(main.LogFile);
        LiveStream[] live = [.. Enumerable.Range(1, count).Select(number => new LiveStream($"verify-{number}", main.Settings, client, media))];
        Task<IReadOnlyList<StartTimes>> starting = Start(live);
        foreach (IMeasure measure in Measures.Where(measure => !measure.Ids.All(outcomes.ContainsKey)))
        {
            await Measure(measure.Ids, MeasureOnceStarted, streams, outcomes);

            // Streams that do not start are the outcome of every criterion that needs them.
            async Task<IReadOnlyDictionary<string, Outcome>> MeasureOnceStarted() => await measure.Measure(new Scene
            {
                System = main,
                Streams = client,
                Media = media,
                Live = live,
                FirstStarts = await starting,
                Log = log,
                StartedIn = startedIn,
            });
        }

        foreach (LiveStream stream in live)
        {
            await stream.DisposeAsync();
            await client.WaitUntilOffline(stream.Id);
        }
    }

    private async Task<IReadOnlyList<StartTimes>> Start(IReadOnlyList<LiveStream> streams)
    {
        List<StartTimes> times = [];
        foreach (LiveStream stream in streams)
        {
            await cleanup.Keep(stream);
            times.Add(await stream.Start());
        }

        return times;
    }

    private async Task Measure(
        IReadOnlyList<string> ids, Func<Task<IReadOnlyDictionary<string, Outcome>>> run, string streams, Dictionary<string, Outcome> outcomes)
    {
        print($"{streams}: measuring {string.Join(", ", ids)}");
        IReadOnlyDictionary<string, Outcome> measured;
        try
        {
            measured = await run();
        }
        catch (Exception failed) when (!cleanup.IsOver)
        {
            measured = ids.ToDictionary(static id => id, _ => Outcome.Unmeasured(failed.Message));
        }

        foreach ((string id, Outcome outcome) in measured.Where(entry => wanted.Contains(entry.Key)))
        {
            outcomes[id] = outcome;
            print($"  {id} {(outcome.Passed ? "pass" : "FAIL")}: {outcome.Measured}");
        }
    }
}

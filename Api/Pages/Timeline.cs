namespace Streams.Api;

/// <summary>One line of a stream's timeline: something that happened, the end of a run, or both.</summary>
/// <param name="Key">Tells it from the others of its stream, also later.</param>
/// <param name="Event">What happened; null for the end of a run of which the history no longer tells.</param>
/// <param name="Run">The run that ended; null for anything else.</param>
public sealed record TimelineEntry(string Key, HistoryEntryView? Event, RunView? Run)
{
    /// <summary>When.</summary>
    public DateTimeOffset At => Event?.At ?? Run!.EndedAt;

    /// <summary>The run's number.</summary>
    public long Generation => Run?.Generation ?? Event!.Generation;
}

/// <summary>Joins a stream's history with its runs.</summary>
internal static class Timeline
{
    /// <summary>Newest first. The end of a run stands where the history has it; a run of which it no longer tells stands by itself.</summary>
    public static IReadOnlyList<TimelineEntry> Of(IReadOnlyList<HistoryEntryView> events, IReadOnlyList<RunView> runs)
    {
        Dictionary<long, RunView> left = runs.ToDictionary(static run => run.Generation);
        List<TimelineEntry> entries = [];
        for (int i = events.Count - 1; i >= 0; i--)
        {
            HistoryEntryView happened = events[i];
            RunView? run = null;
            if (EndsRun(happened))
            {
                left.Remove(happened.Generation, out run);
            }

            entries.Add(new TimelineEntry($"{happened.At.UtcTicks:x}-{happened.What}", happened, run));
        }

        entries.AddRange(left.Values.Select(static run => new TimelineEntry($"run-{run.Generation}", null, run)));
        return [.. entries.OrderByDescending(static entry => entry.At)];
    }

    private static bool EndsRun(HistoryEntryView happened) => happened.What is "WorkerExited" or "WorkerLost";
}

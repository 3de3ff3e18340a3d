using Streams.Api.Wire;

namespace Streams.Api.Pages;

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
    // The history tells when the stream took the end of a run, the run when its process was gone: both are written in one turn.
    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(5);

    /// <summary>Newest first. The end of a run stands where the history has it; a run of which it no longer tells stands by itself.</summary>
    public static IReadOnlyList<TimelineEntry> Of(IReadOnlyList<HistoryEntryView> events, IReadOnlyList<RunView> runs)
    {
        List<RunView> left = [.. runs];
        List<TimelineEntry> entries = [];
        for (int i = events.Count - 1; i >= 0; i--)
        {
            HistoryEntryView happened = events[i];
            RunView? run = left.FindLast(run => IsEndOf(run, happened));
            if (run is not null)
            {
                left.Remove(run);
            }

            entries.Add(new TimelineEntry($"{happened.At.UtcTicks:x}-{happened.What}", happened, run));
        }

        entries.AddRange(left.Select(static run => new TimelineEntry($"run-{run.Generation}", null, run)));
        return [.. entries.OrderByDescending(static entry => entry.At)];
    }

    // An event's number is the latest run's after it: where the next worker is wanted at once, that is the next one's.
#pragma warning disable RS0030 // Two times of day of one history, which are compared and not waited for.
    private static bool IsEndOf(RunView run, HistoryEntryView happened) =>
        happened.What is "WorkerExited" or "WorkerLost" && run.Generation <= happened.Generation && run.Reason == happened.Reason
        && (run.EndedAt - happened.At).Duration() < SameMoment;
#pragma warning restore RS0030
}

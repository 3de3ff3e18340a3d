using System.Collections.Immutable;

namespace Streams;

/// <summary>Adds to a stream's history, and keeps it bounded. Pure.</summary>
internal static class HistoryWriter
{
    private const int MaxLogLines = 20;
    private const int MaxLineLength = 300;
    private const int MaxCommandLength = 2000;

    /// <summary>The history with one more entry; the same when the input is not worth one.</summary>
    public static StreamHistory Add(
        StreamHistory history, StreamInput input, EventOutcome outcome, StreamState after, DateTimeOffset now, InputOrigin origin)
    {
        bool isNoise = outcome != EventOutcome.Applied && input is not StreamInput.SourceChanged;
        if (isNoise)
        {
            return history;
        }

        HistoryEntry entry = Describe(input, outcome, after, now) with { By = origin.By, TraceId = origin.Trace.TraceId.ToHexString() };
        return history with { Entries = Append(history.Entries, entry, StreamHistory.MaxEntries) };
    }

    /// <summary>The history with one more ended run.</summary>
    public static StreamHistory Add(StreamHistory history, long generation, WorkerExit exit, DateTimeOffset now)
    {
        RunRecord run = new()
        {
            Generation = generation,
            Command = Cut(exit.Command, MaxCommandLength),
            Pid = exit.Process?.Pid,
            StartedAt = exit.Process?.StartedAt,
            EndedAt = now,
            Exit = exit.Kind.ToString(),
            ExitCode = exit.ExitCode,
            Signal = exit.Signal,
            Reason = exit.Reason,
            Progress = exit.Progress,
            Log = [.. exit.Log.TakeLast(MaxLogLines).Select(static line => Cut(line, MaxLineLength))],
            Fault = exit.Fault,
            Cause = exit.Cause is { } cause ? Cut(cause, MaxLineLength) : null,
            Remedy = exit.Remedy,
            Tracks = exit.Tracks,
        };
        return history with { Runs = Append(history.Runs, run, StreamHistory.MaxRuns) };
    }

    /// <summary>The history with the address of a source, which is known only after its first entries.</summary>
    public static StreamHistory AddAddress(StreamHistory history, LiveSource source) => history.Entries.Any(entry => IsOf(entry, source))
        ? history with { Entries = [.. history.Entries.Select(entry => IsOf(entry, source) ? entry with { RemoteAddress = source.RemoteAddress } : entry)] }
        : history;

    private static bool IsOf(HistoryEntry entry, LiveSource source) => entry.RemoteAddress is null && entry.SourceId == source.Id && !source.IsPulled;

    private static HistoryEntry Describe(StreamInput input, EventOutcome outcome, StreamState after, DateTimeOffset now)
    {
        HistoryEntry entry = new(now, NameOf(input), outcome, after.Phase, after.Generation);
        return input switch
        {
            StreamInput.SourceChanged { Event: var e } => entry with { SourceId = e.Source.Id, EventId = e.EventId },
            StreamInput.Observed => entry with { SourceId = after.Input?.Id, RemoteAddress = after.Input?.RemoteAddress },
            StreamInput.WorkerExited exited => entry with { Reason = exited.Reason },
            StreamInput.WorkerStalled stalled => entry with { Reason = stalled.Reason },
            StreamInput.WorkerLost => entry with { Reason = after.LastReason },
            _ => entry,
        };
    }

    private static string NameOf(StreamInput input) => input switch
    {
        StreamInput.SourceChanged { Event: var e } => $"{e.Path.Role}{e.Kind}",
        StreamInput.Commanded { Command: var command } => command.ToString(),
        _ => input.GetType().Name,
    };

    private static ImmutableArray<T> Append<T>(ImmutableArray<T> items, T item, int max) =>
        [.. items.Skip(Math.Max(0, items.Length - max + 1)), item];

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}

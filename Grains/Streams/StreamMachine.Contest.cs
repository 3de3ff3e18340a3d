namespace Streams.Grains.Streams;

/// <summary>Publishers that take the input over from each other: starting a worker for each would only burn processor time.</summary>
public sealed partial class StreamMachine
{
    /// <summary>How many takeovers within <see cref="ContestWindow"/> make a contest.</summary>
    public const int ContestTakeovers = 3;

    /// <summary>How long a takeover counts.</summary>
    public static readonly TimeSpan ContestWindow = TimeSpan.FromSeconds(30);

    /// <summary>A source that has kept a contested input for so long gets its worker.</summary>
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(3);

    /// <summary>Nobody may have kept it for so long; then one is started all the same.</summary>
    private static readonly TimeSpan DampedAtMost = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A source that comes so soon before or after the end of the former one took the input over. The hooks of both events run at the same time, and either
    /// may arrive first; a publisher that comes again by itself needs longer.
    /// </summary>
    private static readonly TimeSpan TakeoverWithin = TimeSpan.FromMilliseconds(250);

    /// <summary>The contest that is under way, or null.</summary>
    public static InputContest? FindContest(StreamState state, DateTimeOffset now)
    {
        if (!IsContested(state, now))
        {
            return null;
        }

        Takeover[] recent = [.. state.Takeovers.Where(taken => IsRecent(taken, now))];
        return new InputContest(recent.Length, [.. recent.SelectMany(static taken => new[] { taken.From, taken.To }).Select(static source => source.RemoteAddress ?? $"source {source.Id}").Reverse().Distinct().Take(4)]);
    }

#pragma warning disable RS0030 // Both by one clock: that of the hooks here, and MoveClock sets what is saved when the stream's clock is set.
    /// <summary>From whom a source took the input over; null when nobody had it.</summary>
    private static LiveSource? FindRival(StreamState state, LiveSource source)
    {
        LiveSource? rival = state.Input ?? (state.LastInput is { } last && (source.Since - last.Since).Duration() <= TakeoverWithin ? last : null);
        return rival is { IsPulled: true } && source.IsPulled ? null : rival;
    }

    private static bool IsContested(StreamState state, DateTimeOffset now) => state.Takeovers.Count(taken => IsRecent(taken, now)) >= ContestTakeovers;

    private static bool IsRecent(Takeover taken, DateTimeOffset now) => (now - taken.At).Duration() <= ContestWindow;

    /// <summary>Starts the next run, a little later while the input is contested.</summary>
    private static StreamDecision StartOrDamp(StreamState state, DateTimeOffset now) =>
        IsContested(state, now) ? Damp(state, now) : Start(state, now);

    private static StreamDecision Damp(StreamState state, DateTimeOffset now)
    {
        DateTimeOffset since = state.DampedSince is { } earlier && (now - earlier).Duration() <= ContestWindow ? earlier : now;
#pragma warning restore RS0030
        DateTimeOffset settled = now + SettledAfter;
        DateTimeOffset latest = since + DampedAtMost;
        if (latest <= now)
        {
            return Start(state, now);
        }

        StreamState waiting = state.Phase == StreamPhase.Backoff ? state : Enter(state, StreamPhase.Backoff, now);
        return Applied(waiting with
        {
            DampedSince = since,
            RetryAt = settled < latest ? settled : latest,
            LastReason = "Contested: publishers take the input over from each other. The next worker waits until one has kept it for 3 s, or for 10 s. Let only one publish.",
        });
    }
}

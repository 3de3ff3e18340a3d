namespace Streams.Grains.Streams;

/// <summary>Finds publishers that take the input over from each other, and holds starts back: a worker for each would only burn processor time. Pure.</summary>
internal static class Contests
{
    /// <summary>How many takeovers within <see cref="Window"/> make a contest.</summary>
    public const int Takeovers = 3;

    /// <summary>How long a takeover counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

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
    public static InputContest? Find(StreamState state, DateTimeOffset now)
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
    public static LiveSource? FindRival(StreamState state, LiveSource source)
    {
        LiveSource? rival = state.Input ?? (state.LastInput is { } last && (source.Since - last.Since).Duration() <= TakeoverWithin ? last : null);
        return rival is { IsPulled: true } && source.IsPulled ? null : rival;
    }

    public static bool IsContested(StreamState state, DateTimeOffset now) => state.Takeovers.Count(taken => IsRecent(taken, now)) >= Takeovers;

    private static bool IsRecent(Takeover taken, DateTimeOffset now) => (now - taken.At).Duration() <= Window;

    /// <summary>Starts the next run, a little later while the input is contested.</summary>
    public static StreamDecision StartOrDamp(StreamState state, DateTimeOffset now) =>
        IsContested(state, now) ? Damp(state, now) : PhaseChanges.Start(state, now);

    public static StreamDecision Damp(StreamState state, DateTimeOffset now)
    {
        DateTimeOffset since = state.DampedSince is { } earlier && (now - earlier).Duration() <= Window ? earlier : now;
#pragma warning restore RS0030
        DateTimeOffset settled = now + SettledAfter;
        DateTimeOffset latest = since + DampedAtMost;
        if (latest <= now)
        {
            return PhaseChanges.Start(state, now);
        }

        StreamState waiting = state.Phase == StreamPhase.Backoff ? state : PhaseChanges.Enter(state, StreamPhase.Backoff, now);
        return StreamDecision.Applied(waiting with
        {
            DampedSince = since,
            RetryAt = settled < latest ? settled : latest,
            LastReason = "Contested: publishers take the input over from each other. The next worker waits until one has kept it for 3 s, or for 10 s. Let only one publish.",
        });
    }
}

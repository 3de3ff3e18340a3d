namespace Streams.Grains.Streams;

/// <summary>How a stream's worker is tried again (FR-021). Section <c>Streams:Retry</c>.</summary>
public sealed class RetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Retry";

    /// <summary>How long to wait before each retry, in order; after the last one the stream is failed. Default 1 s, 2 s, 4 s.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>The delays in force: <see cref="Delays"/>, or the default when it is empty.</summary>
    public IReadOnlyList<TimeSpan> EffectiveDelays => Delays.Count > 0 ? Delays : DefaultDelays;

    /// <summary>Progress for this long makes the budget whole again. Default 30 s.</summary>
    public TimeSpan SteadyAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream whose silo has ended waits to see its input again before it starts a worker anyway. Default 1 s.</summary>
    public TimeSpan RecoveryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a failed stream is tried again while its input is live. Default 60 s; 0: never, 1 s to 1 day.</summary>
    public TimeSpan FailedEvery { get; init; } = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan[] DefaultDelays = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];
}

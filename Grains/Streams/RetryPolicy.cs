namespace Streams.Grains.Streams;

/// <summary>How long to wait before a retry: pure arithmetic over <see cref="RetryOptions"/>.</summary>
public sealed class RetryPolicy(RetryOptions options)
{
    private readonly IReadOnlyList<TimeSpan> _delays = options.EffectiveDelays;

    /// <summary>How many retries a whole budget has.</summary>
    public int MaxRetries => _delays.Count;

    /// <summary>How long a stream whose silo has ended waits to see its input.</summary>
    public TimeSpan RecoveryDelay { get; } = options.RecoveryDelay;

    /// <summary>How long a failed stream waits for its next try; null when it is not tried again.</summary>
    public TimeSpan? FailedDelay { get; } = options.FailedEvery > TimeSpan.Zero ? options.FailedEvery : null;

    /// <summary>How long a stream waits whose worker could not run since the machine was short of something.</summary>
    public TimeSpan MachineDelay { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before the next retry, or null when the budget is used up.</summary>
    /// <param name="retriesUsed">How many retries there were since the budget was whole; 0 or more.</param>
    public TimeSpan? DelayAfter(int retriesUsed) => retriesUsed < _delays.Count ? _delays[retriesUsed] : null;
}

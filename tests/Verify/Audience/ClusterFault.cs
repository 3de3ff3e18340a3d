namespace Streams.Verify.Audience;

/// <summary>A fault of a cluster's silo, or a planned end of one, and how it is brought about.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Profile">The profile of the stream.</param>
/// <param name="Extra">The longest time without a picture that is allowed, beside one GOP and what <paramref name="Cause"/> returns.</param>
/// <param name="Cause">Brings it about, and waits until the stream runs on another silo. Returns for how long nobody could know of it.</param>
internal sealed record ClusterFault(string Name, string? Profile, TimeSpan Extra, Func<ClusterTrial, Task<TimeSpan>> Cause)
{
    private static readonly TimeSpan Planned = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Crash = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan WithStandby = TimeSpan.FromSeconds(1);

    /// <summary>All that are measured, those of one stream together.</summary>
    public static IReadOnlyList<ClusterFault> All { get; } =
    [
        new("silo drained", null, Planned, static trial => trial.Drain()),
        new("silo killed", null, Crash, static trial => trial.Kill()),
        new("silo frozen", null, Crash, static trial => trial.Freeze()),
        new("silo drained, with a standby", ClusterAudience.WithStandby, Planned, static trial => trial.Drain()),
        new("silo killed, with a standby", ClusterAudience.WithStandby, WithStandby, static trial => trial.KillBesideStandby()),
    ];
}

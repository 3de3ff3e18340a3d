namespace Streams.Verify.Audience;

/// <summary>A change that the audience should not notice, and how it is brought about.</summary>
/// <param name="Name">What happens.</param>
/// <param name="IsPlanned">Whether the next worker can be started before the present one ends.</param>
/// <param name="Cause">Brings it about, and waits until the output is published again. Returns for how long there was nothing to show: nobody published, or no silo ran.</param>
internal sealed record Fault(string Name, bool IsPlanned, Func<AudienceTrial, Task<TimeSpan>> Cause)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongAway = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PlannedExtra = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan CrashExtra = TimeSpan.FromSeconds(0.8);

    /// <summary>Those that are measured with every input.</summary>
    public static IReadOnlyList<Fault> Telling { get; } =
    [
        new("worker killed", false, static trial => trial.KillWorker()),
        new("restart by an operator", true, static trial => trial.Restart()),
        new("publisher away for 3 s", false, static trial => trial.Leave(Away)),
    ];

    /// <summary>All, in an order in which each finds what it needs.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. Telling,
        new("takeover by another publisher", true, static trial => trial.TakeOver()),
        new("silo killed, and started again", false, static trial => trial.KillSilo()),
        new("another profile", true, static trial => trial.ChangeProfile()),
        new("its worker fails: the fallback", false, static trial => trial.FallBack()),
        new("return from the fallback", true, static trial => trial.Return()),
        new("publisher away for 20 s", false, static trial => trial.Leave(LongAway)), // The last: readers by HLS ask less often after it.
    ];

    /// <summary>The longest time without a picture that is allowed (SC-013).</summary>
    /// <param name="keyFrameEvery">Time from one key frame to the next.</param>
    /// <param name="outage">For how long there was nothing to show.</param>
    public TimeSpan Limit(TimeSpan keyFrameEvery, TimeSpan outage) => outage + keyFrameEvery + (IsPlanned ? PlannedExtra : CrashExtra);
}

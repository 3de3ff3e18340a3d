using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>A worker's failure as the pages show it: what failed, why, and what to do.</summary>
/// <param name="Run">The run.</param>
/// <param name="Fault">What it failed at.</param>
/// <param name="Why">Why, in words or as the line of its log that says so.</param>
/// <param name="Remedy">What to do.</param>
public sealed record StreamFailure(RunView Run, WorkerFault Fault, string Why, string Remedy)
{
    /// <summary>Runs that cannot succeed before something else is published, or another profile chosen.</summary>
    private static readonly string[] Hopeless = ["CodecUnsupported", "ProfileInvalid"];

    /// <summary>Whether trying again can help without anybody doing anything.</summary>
    public bool MayPass => !Hopeless.Contains(Run.Exit);

    /// <summary>Whether this is the reason that the stream gives.</summary>
    public bool IsReason(string? reason) => reason is not null && (reason == Run.Reason || reason == Why);

    /// <summary>The last of some runs that failed; null when none did.</summary>
    internal static StreamFailure? LastOf(IReadOnlyList<RunView> runs, IReadOnlyList<HistoryEntryView> events) =>
        runs.LastOrDefault(static run => run.Fault is not null) is { } failed ? Of(failed, events) : null;

    /// <summary>How a run failed; null when it did not.</summary>
    internal static StreamFailure? Of(RunView run, IReadOnlyList<HistoryEntryView> events) => run.Fault is { } fault
        ? new StreamFailure(run, fault, run.Cause ?? Stall(run, events) ?? WithoutRemedy(run), run.Remedy ?? AnyRemedy)
        : null;

    private const string AnyRemedy = "Look at the run's last lines below, and at processor and disk of the machine. For a single time: nothing.";

    /// <summary>What a hung worker lacked is told where it was noticed: the run ended because it was stopped for it.</summary>
    private static string? Stall(RunView run, IReadOnlyList<HistoryEntryView> events) => run.Fault == WorkerFault.Hanging
        ? events.LastOrDefault(happened => happened.What == "WorkerStalled" && happened.Generation == run.Generation)?.Reason
        : null;

    private static string WithoutRemedy(RunView run) => run.Remedy is { Length: > 0 } remedy && run.Reason.EndsWith(remedy, StringComparison.Ordinal)
        ? run.Reason[..^remedy.Length].TrimEnd()
        : run.Reason;
}

namespace Streams.Api.Wire;

/// <summary>A stream's ended worker runs, oldest first: the last 10.</summary>
public sealed record RunsView
{
    /// <summary>The runs.</summary>
    public required IReadOnlyList<RunView> Runs { get; init; }

    internal static RunsView Of(StreamHistory history) => new() { Runs = [.. history.Runs.Select(RunView.Of)] };
}

/// <summary>An ended worker run.</summary>
public sealed record RunView
{
    /// <summary>Its number.</summary>
    public required long Generation { get; init; }

    /// <summary>What was executed, without credentials; empty when nothing was.</summary>
    public required string Command { get; init; }

    /// <summary>Its process id; absent when there was no process.</summary>
    public int? Pid { get; init; }

    /// <summary>When its process started, UTC; absent when there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was verified gone, UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>How it ended: <c>Ended</c>, <c>Failed</c>, <c>Killed</c>, <c>Refused</c>, <c>Hung</c>, <c>Stopped</c>, <c>KilledAfterGrace</c>, <c>ProgramMissing</c>, <c>ProfileInvalid</c>, <c>StartFailed</c>, <c>CodecUnsupported</c>, <c>ProfileUnknown</c>, <c>ProgramUnusable</c>, <c>SecretMissing</c>, <c>MachineShort</c>, <c>InputGone</c>, <c>MediaAway</c>, <c>CutOff</c>.</summary>
    public required string Exit { get; init; }

    /// <summary>Its exit code; absent when a signal ended it, or there was no process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it; absent when none did.</summary>
    public int? Signal { get; init; }

    /// <summary>Why it ended, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What it failed at; absent when it did not fail.</summary>
    public WorkerFault? Fault { get; init; }

    /// <summary>The line of its log that says why; absent when none does.</summary>
    public string? Cause { get; init; }

    /// <summary>What to do about it; absent when nothing is to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>The input's tracks by codec, as MediaMTX told them before the start; empty when it did not.</summary>
    public required IReadOnlyList<string> Tracks { get; init; }

    /// <summary>Its last progress; absent when it made none.</summary>
    public ProgressView? Progress { get; init; }

    /// <summary>Its last lines, oldest first.</summary>
    public required IReadOnlyList<string> Log { get; init; }

    internal static RunView Of(RunRecord run) => new()
    {
        Generation = run.Generation,
        Command = run.Command,
        Pid = run.Pid,
        StartedAt = run.StartedAt?.ToUniversalTime(),
        EndedAt = run.EndedAt.ToUniversalTime(),
        Exit = run.Exit,
        ExitCode = run.ExitCode,
        Signal = run.Signal,
        Reason = run.Reason,
        Fault = run.Fault,
        Cause = run.Cause,
        Remedy = run.Remedy,
        Tracks = run.Tracks.IsDefault ? [] : run.Tracks,
        Progress = run.Progress is { } progress ? ProgressView.Of(progress) : null,
        Log = run.Log,
    };
}

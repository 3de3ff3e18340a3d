using System.Collections.Immutable;

namespace Streams.Grains.Workers;

/// <summary>How a run ended.</summary>
public enum WorkerExitKind
{
    /// <summary>By itself, with exit code 0: usually its input ended.</summary>
    Ended,

    /// <summary>By itself, with another exit code.</summary>
    Failed,

    /// <summary>By a signal that was not ours.</summary>
    Killed,

    /// <summary>By itself, after MediaMTX had refused its connection: wrong credentials, or a path that nobody publishes.</summary>
    Refused,

    /// <summary>Because it was told to after it had hung.</summary>
    Hung,

    /// <summary>Because it was told to, within its grace.</summary>
    Stopped,

    /// <summary>Told to, and killed since it did not end within its grace.</summary>
    KilledAfterGrace,

    /// <summary>It never ran: its program is not on this machine.</summary>
    ProgramMissing,

    /// <summary>It never ran: its profile does not fit the stream.</summary>
    ProfileInvalid,

    /// <summary>It never ran: the system refused to start it.</summary>
    StartFailed,

    /// <summary>It never ran: its profile cannot carry a codec of its input.</summary>
    CodecUnsupported,

    /// <summary>It never ran: there is no such profile.</summary>
    ProfileUnknown,

    /// <summary>Its program is there, and may not or cannot be executed.</summary>
    ProgramUnusable,

    /// <summary>It never ran: a secret of its profile is missing.</summary>
    SecretMissing,

    /// <summary>The machine was short of something: file handles, processes, memory, disk.</summary>
    MachineShort,

    /// <summary>It never ran: MediaMTX shows that its input has ended meanwhile.</summary>
    InputGone,

    /// <summary>It failed, and MediaMTX takes no connections: what it reads and writes is away.</summary>
    MediaAway,

    /// <summary>Ended since its silo was cut off from the cluster.</summary>
    CutOff,
}

/// <summary>The end of a run.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Reason">In words, with what an operator can do about it; no credentials.</param>
/// <param name="ExitCode">The exit code; null when there was no process, or a signal ended it.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
/// <param name="Log">Its last lines, oldest first.</param>
[GenerateSerializer, Immutable, Alias("Streams.WorkerExit")]
public sealed record WorkerExit(
    [property: Id(0)] WorkerExitKind Kind,
    [property: Id(1)] string Reason,
    [property: Id(2)] int? ExitCode,
    [property: Id(3)] int? Signal,
    [property: Id(4)] ImmutableArray<string> Log)
{
    /// <summary>What was executed, without credentials; empty when nothing was.</summary>
    [Id(5)] public string Command { get; init; } = "";

    /// <summary>The process; null when there was none.</summary>
    [Id(6)] public WorkerProcessInfo? Process { get; init; }

    /// <summary>Its last progress; null when it made none.</summary>
    [Id(7)] public WorkerProgress? Progress { get; init; }

    /// <summary>What it failed at; null when it did not fail.</summary>
    [Id(8)] public WorkerFault? Fault { get; init; }

    /// <summary>The line of its log that says why; null when none does.</summary>
    [Id(9)] public string? Cause { get; init; }

    /// <summary>What to do about it; null when nothing is to be done.</summary>
    [Id(10)] public string? Remedy { get; init; }

    /// <summary>The input's tracks by codec; empty when they were unknown.</summary>
    [Id(11)] public ImmutableArray<string> Tracks { get; init; } = [];

    /// <summary>Whether trying again can help. It goes by what is known of the machine and the input, never by what a program wrote.</summary>
    public RetryHope Hope => Kind switch
    {
        WorkerExitKind.ProfileInvalid or WorkerExitKind.CodecUnsupported => RetryHope.None,
        WorkerExitKind.ProgramMissing or WorkerExitKind.ProgramUnusable or WorkerExitKind.SecretMissing or WorkerExitKind.ProfileUnknown => RetryHope.AfterRepair,
        WorkerExitKind.MachineShort or WorkerExitKind.MediaAway or WorkerExitKind.CutOff => RetryHope.WhenMachineRecovers,
        _ => RetryHope.Soon,
    };
}

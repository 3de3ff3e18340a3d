namespace Streams.Grains.Workers;

/// <summary>Why a worker was told to end.</summary>
public enum StopCause
{
    /// <summary>The input's source has ended.</summary>
    InputGone,

    /// <summary>Another source took the input over.</summary>
    SourceChanged,

    /// <summary>An operator stopped or restarted the stream.</summary>
    Operator,

    /// <summary>The worker made no progress although its input delivered; it counts as a failure.</summary>
    Stalled,

    /// <summary>Its next run has taken over, or is to run on another silo; or it was to take over itself, and is not wanted any more.</summary>
    Replaced,

    /// <summary>The stream goes on without this run: a later one took its place, or its row is gone. Never a part of a stream's state.</summary>
    Superseded,

    /// <summary>The silo is cut off from the cluster, which may run the stream elsewhere. Never a part of a stream's state.</summary>
    CutOff,

    /// <summary>The silo ends. Never a part of a stream's state: the next silo goes on from what it was.</summary>
    SiloEnds,

    /// <summary>It is a standby, and another stream waits for its slot. Never a part of a stream's state.</summary>
    MakesRoom,
}

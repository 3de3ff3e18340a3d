namespace Streams;

/// <summary>A worker's progress report. All counts are of the current run.</summary>
[GenerateSerializer, Immutable, Alias("Streams.WorkerProgress")]
public sealed record WorkerProgress
{
    /// <summary>Frames written so far.</summary>
    [Id(0)] public long Frames { get; init; }

    /// <summary>Frames a second, as the worker computes it; 0 when unknown.</summary>
    [Id(1)] public double Fps { get; init; }

    /// <summary>Bits a second written; 0 when unknown.</summary>
    [Id(2)] public double BitrateBps { get; init; }

    /// <summary>Position in the output's own time.</summary>
    [Id(3)] public TimeSpan OutTime { get; init; }

    /// <summary>Seconds of output per second of real time: 1 keeps up; 0 when unknown.</summary>
    [Id(4)] public double Speed { get; init; }

    /// <summary>Frames dropped.</summary>
    [Id(5)] public long DroppedFrames { get; init; }

    /// <summary>Frames duplicated to keep the rate.</summary>
    [Id(6)] public long DuplicatedFrames { get; init; }

    /// <summary>Bytes written.</summary>
    [Id(7)] public long TotalBytes { get; init; }

    /// <summary>When the worker reported it.</summary>
    [Id(8)] public DateTimeOffset At { get; init; }
}

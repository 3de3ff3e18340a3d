namespace Streams.Api.Wire;

/// <summary>What a worker last said of its work. All counts are of the current run.</summary>
public sealed record ProgressView
{
    /// <summary>Frames written so far.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames a second; absent when unknown.</summary>
    public double? Fps { get; init; }

    /// <summary>Bits a second written; absent when unknown.</summary>
    public double? BitrateBps { get; init; }

    /// <summary>Position in the output's own time, in seconds.</summary>
    public required double OutTimeSeconds { get; init; }

    /// <summary>Output time for each second of real time: 1 is keeping up; absent when unknown.</summary>
    public double? Speed { get; init; }

    /// <summary>Frames dropped.</summary>
    public required long DroppedFrames { get; init; }

    /// <summary>Frames written twice to keep the rate.</summary>
    public required long DuplicatedFrames { get; init; }

    /// <summary>Bytes written.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>When the worker said so, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    internal static ProgressView Of(WorkerProgress progress) => new()
    {
        Frames = progress.Frames,
        Fps = Known(progress.Fps),
        BitrateBps = Known(progress.BitrateBps),
        OutTimeSeconds = progress.OutTime.TotalSeconds,
        Speed = Known(progress.Speed),
        DroppedFrames = progress.DroppedFrames,
        DuplicatedFrames = progress.DuplicatedFrames,
        TotalBytes = progress.TotalBytes,
        At = progress.At.ToUniversalTime(),
    };

    // The contract says 0 for unknown; JSON has no number for what is not finite.
    internal static double? Known(double? value) => value is { } number && number != 0 && double.IsFinite(number) ? number : null;
}

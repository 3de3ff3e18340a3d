namespace Streams.Api.Wire;

/// <summary>What a stream did over the last ten minutes, oldest first; none for a stream that was not active.</summary>
public sealed record SamplesView
{
    /// <summary>How far apart samples are, in seconds. Where one is missing nothing was heard of the stream.</summary>
    public required double PeriodSeconds { get; init; }

    /// <summary>The samples: 300 at most.</summary>
    public required IReadOnlyList<SampleView> Samples { get; init; }
}

/// <summary>What a stream did at a moment. What is unknown is absent.</summary>
public sealed record SampleView
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Frames a second, as the worker says.</summary>
    public double? Fps { get; init; }

    /// <summary>Output time for each second of real time, as the worker says: 1 is keeping up.</summary>
    public double? Speed { get; init; }

    /// <summary>Bits a second that MediaMTX receives from the publisher.</summary>
    public double? InputBps { get; init; }

    /// <summary>Bits a second that MediaMTX receives from the worker.</summary>
    public double? OutputBps { get; init; }
}

namespace Streams.Benchmarks.Results;

/// <summary>Results of one benchmark, with the conditions of its run; saved as a file, so that each benchmark can be run alone.</summary>
internal sealed record Section
{
    /// <summary>Maximum number of cores that other work may keep busy on a quiet machine.</summary>
    public const double Quiet = 0.3;

    /// <summary>The benchmark's name.</summary>
    public required string Name { get; init; }

    /// <summary>The headline.</summary>
    public required string Title { get; init; }

    /// <summary>The method, and the reference.</summary>
    public required string How { get; init; }

    /// <summary>Start of the run, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Duration of the run, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The measured commit.</summary>
    public required string Commit { get; init; }

    /// <summary>The machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Number of cores that other work kept busy just before the run; above <see cref="Quiet"/> the values are doubtful.</summary>
    public required double OtherWork { get; init; }

    /// <summary>The media server of the run.</summary>
    public required string MediaServer { get; init; }

    /// <summary>The results.</summary>
    public required Findings Findings { get; init; }
}

namespace Streams.Benchmarks.Results;

/// <summary>One benchmark's part of the results; kept as a file, so that each part can be run alone.</summary>
internal sealed record Section
{
    /// <summary>A machine is quiet when other work keeps no more cores busy than this.</summary>
    public const double Quiet = 0.3;

    /// <summary>The benchmark.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured, as a headline.</summary>
    public required string Title { get; init; }

    /// <summary>How it is measured, and what it is compared with.</summary>
    public required string How { get; init; }

    /// <summary>When it was run, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>What was measured.</summary>
    public required string Commit { get; init; }

    /// <summary>On what machine.</summary>
    public required string Machine { get; init; }

    /// <summary>How many cores other work kept busy just before; above <see cref="Quiet"/> the numbers are doubtful.</summary>
    public required double OtherWork { get; init; }

    /// <summary>Which media server it ran on.</summary>
    public required string MediaServer { get; init; }

    /// <summary>What was found.</summary>
    public required Findings Findings { get; init; }
}

using Streams.Benchmarks.Results;

namespace Streams.Benchmarks.Systems;

/// <summary>A benchmark of <c>make bench</c>.</summary>
internal interface IBenchmark
{
    /// <summary>Its name, for <c>ONLY</c> and for the file of its results.</summary>
    string Name { get; }

    /// <summary>Headline of its section.</summary>
    string Title { get; }

    /// <summary>The method, and the reference that it is compared with.</summary>
    string How { get; }

    /// <summary>Timeout of one that hangs, far above what it needs.</summary>
    TimeSpan Limit => TimeSpan.FromMinutes(5);

    /// <summary>Why it cannot run on this machine; null when it can.</summary>
    string? Missing => null;

    /// <summary>Whether it runs on MediaMTX where there is one.</summary>
    bool IsOnMediaMtx => false;

    /// <summary>Runs it.</summary>
    /// <param name="bench">Starts systems, and ends them afterwards.</param>
    Task<Findings> Run(Bench bench);
}

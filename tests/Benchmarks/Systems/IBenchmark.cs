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

    /// <summary>Runs it.</summary>
    /// <param name="bench">Starts systems, and ends them afterwards.</param>
    Task<Findings> Run(Bench bench);
}

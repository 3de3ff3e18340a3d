using Streams.Benchmarks.Results;

namespace Streams.Benchmarks.Systems;

/// <summary>One thing that <c>make bench</c> measures.</summary>
internal interface IBenchmark
{
    /// <summary>Its name, as <c>ONLY</c> takes it.</summary>
    string Name { get; }

    /// <summary>What is measured, as a headline.</summary>
    string Title { get; }

    /// <summary>How it is measured, and what it is compared with.</summary>
    string How { get; }

    /// <summary>Measures.</summary>
    /// <param name="bench">Takes what is to be ended, and words for who waits.</param>
    Task<Findings> Run(Bench bench);
}

using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>Measures one criterion, or several at once.</summary>
internal interface IMeasure
{
    /// <summary>Ids of the criteria.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>Measures the criteria, and leaves the system as it was.</summary>
    /// <returns>The outcome of each.</returns>
    Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene);
}

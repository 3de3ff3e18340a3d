using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>Measures one criterion, or some that are measured in one go.</summary>
internal interface IMeasure
{
    /// <summary>Which criteria.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>Measures them on a scene, and leaves it as it was.</summary>
    /// <returns>The outcome of each.</returns>
    Task<IReadOnlyDictionary<string, Outcome>> Take(Scene scene);
}

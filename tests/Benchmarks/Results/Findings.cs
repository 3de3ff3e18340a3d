namespace Streams.Benchmarks.Results;

/// <summary>What a benchmark found.</summary>
/// <param name="Rows">The numbers.</param>
/// <param name="Charts">What of them is drawn.</param>
internal sealed record Findings(IReadOnlyList<Row> Rows, params IReadOnlyList<Chart> Charts);

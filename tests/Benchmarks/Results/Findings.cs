namespace Streams.Benchmarks.Results;

/// <summary>Results of a benchmark.</summary>
/// <param name="Rows">Measured values.</param>
/// <param name="Charts">Charts of some of them.</param>
internal sealed record Findings(IReadOnlyList<Row> Rows, params IReadOnlyList<Chart> Charts);

namespace Streams.Benchmarks.Results;

/// <summary>Bars of one unit.</summary>
/// <param name="Name">Its file's name, without <c>.svg</c>.</param>
/// <param name="Title">What the bars are.</param>
/// <param name="Unit">Their unit.</param>
/// <param name="Bars">The bars.</param>
/// <param name="Target">The target, drawn as a line; null for none.</param>
internal sealed record Chart(string Name, string Title, string Unit, IReadOnlyList<Bar> Bars, double? Target = null);

/// <summary>A bar of a chart.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">How long it is.</param>
/// <param name="IsReference">Whether it is something that Streams is compared with.</param>
internal sealed record Bar(string Label, double Value, bool IsReference = false);

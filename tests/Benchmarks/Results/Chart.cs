namespace Streams.Benchmarks.Results;

/// <summary>A bar chart of values in one unit.</summary>
/// <param name="Name">File name, without <c>.svg</c>.</param>
/// <param name="Title">Headline.</param>
/// <param name="Unit">Their unit.</param>
/// <param name="Bars">The bars.</param>
/// <param name="Target">Target, drawn as a line; null for none.</param>
internal sealed record Chart(string Name, string Title, string Unit, IReadOnlyList<Bar> Bars, double? Target = null);

/// <summary>A bar of a chart.</summary>
/// <param name="Label">Label.</param>
/// <param name="Value">Value.</param>
/// <param name="IsReference">Whether it is a reference that Streams is compared with.</param>
internal sealed record Bar(string Label, double Value, bool IsReference = false);

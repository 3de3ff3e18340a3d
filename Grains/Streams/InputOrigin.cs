using System.Diagnostics;

namespace Streams.Grains.Streams;

/// <summary>Where an input of a stream comes from.</summary>
/// <param name="Trace">The trace that it belongs to.</param>
/// <param name="By">Who ordered it; null for what nobody ordered.</param>
internal sealed record InputOrigin(ActivityContext Trace, string? By = null);

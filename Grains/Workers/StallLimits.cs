namespace Streams.Grains.Workers;

/// <summary>How long a worker may make no progress while its input delivers.</summary>
/// <param name="StallAfter">Once it has made some.</param>
/// <param name="StartWithin">Until its first.</param>
internal readonly record struct StallLimits(TimeSpan StallAfter, TimeSpan StartWithin);

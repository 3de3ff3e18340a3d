namespace Streams.Grains.Workers;

/// <summary>How long a run's output must have been arriving until its stream is told that it is steady.</summary>
/// <param name="After">More than 0.</param>
internal sealed record SteadyTime(TimeSpan After);

namespace Streams.Grains.Streams;

/// <summary>How a stream comes back from its fallback programme to its chosen profile. Section <c>Streams:Fallback</c>.</summary>
public sealed class FallbackOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Fallback";

    /// <summary>
    /// For how long the worker of the chosen profile has to run beside the fallback before the audience gets it. Default 10 s; 0: from its first picture, 0 s to 10 min. Outputs
    /// that are not kept have it from its first picture.
    /// </summary>
    public TimeSpan ProveFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after the chosen profile's failure it is tried again; twice as long after each further one. Default 10 s; 1 s to 1 h.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two tries. Default 60 s; <see cref="FirstPause"/> to 1 day.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);
}

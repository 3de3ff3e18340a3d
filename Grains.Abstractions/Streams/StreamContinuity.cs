namespace Streams;

/// <summary>Whether the audience of a stream's output keeps its connection while no worker publishes it.</summary>
/// <param name="State">Whether it does.</param>
/// <param name="Reason">Why not, or what happened to it; null when there is nothing to say.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamContinuity")]
public sealed record StreamContinuity([property: Id(0)] ContinuityState State, [property: Id(1)] string? Reason = null)
{
    /// <summary>Nobody asked for it.</summary>
    public static readonly StreamContinuity Off = new(ContinuityState.Off);
}

/// <summary>Whether an output is kept.</summary>
public enum ContinuityState
{
    /// <summary>It is not to be kept.</summary>
    Off,

    /// <summary>Its readers stay connected.</summary>
    Kept,

    /// <summary>It is to be kept, and cannot: readers are disconnected as with <see cref="Off"/>.</summary>
    Unavailable,
}

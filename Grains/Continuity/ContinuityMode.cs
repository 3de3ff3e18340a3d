namespace Streams.Grains.Continuity;

/// <summary>What becomes of a stream's audience while its worker is away.</summary>
public enum ContinuityMode
{
    /// <summary>Readers of the output are disconnected.</summary>
    Off,

    /// <summary>Readers of the output stay connected, keep their last picture, and go on with the next worker.</summary>
    Keep,
}

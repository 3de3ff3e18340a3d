namespace Streams.Grains.Continuity;

/// <summary>What readers of a kept output see while nobody publishes it.</summary>
public enum SlateKind
{
    /// <summary>The last picture that they had.</summary>
    Clear,

    /// <summary>The operator's own picture or clip.</summary>
    Card,
}

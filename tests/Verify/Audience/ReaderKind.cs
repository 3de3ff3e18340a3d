namespace Streams.Verify.Audience;

/// <summary>How a reader receives pictures, which decides what can be told of them.</summary>
internal enum ReaderKind
{
    /// <summary>One after the other, as they are published.</summary>
    Live,

    /// <summary>Whole segments at once, each picture to be shown at its time stamp.</summary>
    Segments,

    /// <summary>A player, which shows them at times of its own choice.</summary>
    Player,
}

namespace Streams.Testing;

/// <summary>Which media server a test runs against. Reports show it.</summary>
public enum MediaServerKind
{
    /// <summary>The stand-in of <c>tests/MediaMtx.Standin</c>: always there.</summary>
    Standin,

    /// <summary>A real MediaMTX, where one is installed.</summary>
    MediaMtx,
}

namespace Streams.Api.Wire;

/// <summary>A live path as MediaMTX last showed it.</summary>
public sealed record MediaPathView
{
    /// <summary>Its tracks by codec, for example <c>H264</c> and <c>MPEG-4 Audio</c>.</summary>
    public required IReadOnlyList<string> Tracks { get; init; }

    /// <summary>Bytes received from its source.</summary>
    public required long InboundBytes { get; init; }

    /// <summary>Bytes sent to its readers.</summary>
    public required long OutboundBytes { get; init; }

    /// <summary>How many readers it has; on an input the worker is one of them.</summary>
    public required int Readers { get; init; }

    /// <summary>Bits a second received from its source; absent when unknown.</summary>
    public double? InboundBps { get; init; }

    /// <summary>Bits a second sent to its readers; absent when unknown.</summary>
    public double? OutboundBps { get; init; }

    internal static MediaPathView Of(PathView path) => new()
    {
        Tracks = path.Tracks,
        InboundBytes = path.InboundBytes,
        OutboundBytes = path.OutboundBytes,
        Readers = path.Readers,
        InboundBps = path.InboundBps,
        OutboundBps = path.OutboundBps,
    };
}

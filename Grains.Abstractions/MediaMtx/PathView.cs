using System.Collections.Immutable;

namespace Streams;

/// <summary>A live path as MediaMTX's Control API last showed it.</summary>
[GenerateSerializer, Immutable, Alias("Streams.PathView")]
public sealed record PathView
{
    /// <summary>Who publishes to it.</summary>
    [Id(0)] public required LiveSource Source { get; init; }

    /// <summary>Its tracks by codec, for example <c>H264</c> and <c>MPEG-4 Audio</c>.</summary>
    [Id(1)] public ImmutableArray<string> Tracks { get; init; } = [];

    /// <summary>Bytes received from the source.</summary>
    [Id(2)] public long InboundBytes { get; init; }

    /// <summary>Bytes sent to readers.</summary>
    [Id(3)] public long OutboundBytes { get; init; }

    /// <summary>How many readers it has; on an input the worker is one of them.</summary>
    [Id(4)] public int Readers { get; init; }

    /// <summary>Bits received per second since the previous answer; null in the first answer about this source.</summary>
    [Id(5)] public double? InboundBps { get; init; }

    /// <summary>Bits sent to readers per second since the previous answer; null in the first answer about this source.</summary>
    [Id(6)] public double? OutboundBps { get; init; }
}

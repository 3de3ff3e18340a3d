namespace Streams.Grains.MediaMtx;

/// <summary>MediaMTX could not be queried. Live paths are then unknown, which is not the same as gone.</summary>
internal sealed class MediaMtxException(string message, Exception? inner = null) : Exception(message, inner);

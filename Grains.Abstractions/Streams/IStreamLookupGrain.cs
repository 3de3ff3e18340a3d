using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// Tells which streams exist without waking their grains: whoever asks for ids that never existed fills no memory with them. The key is
/// <see cref="Key"/>; each silo answers for itself.
/// </summary>
[Alias("Streams.IStreamLookupGrain")]
public interface IStreamLookupGrain : IGrainWithIntegerKey
{
    /// <summary>The key.</summary>
    const long Key = 0;

    /// <summary>
    /// Whether anything is saved of a stream. A stream exists as soon as its first event was answered, since that is saved before the answer; the
    /// catalog hears of it later, and would deny a stream that has just come.
    /// </summary>
    [Alias("Exists"), AlwaysInterleave, ReadOnly]
    Task<bool> Exists(StreamId streamId);
}

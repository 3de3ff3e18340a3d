using System.Threading.Channels;

namespace Streams.Api.Feed;

/// <summary>Queue of one client of the feed. A client that reads too slowly loses its connection, and resumes with the next.</summary>
/// <param name="streamId">The only stream that it wants; null for all.</param>
internal sealed class FeedSubscription(StreamId? streamId)
{
    private const int Capacity = 256;

    private readonly Channel<ReadOnlyMemory<byte>> _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public StreamId? StreamId => streamId;

    /// <summary>What is to be written; ends when the client was too slow.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Queue => _queue.Reader;

    /// <summary>False when the queue is full: the client is given up.</summary>
    public bool Send(ReadOnlyMemory<byte> frames) => _queue.Writer.TryWrite(frames) || !_queue.Writer.TryComplete();
}

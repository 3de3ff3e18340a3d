using System.Buffers;

namespace Streams.Api.Feed;

/// <summary>
/// Copy of the feed in this process: the latest status of every active stream, the last frames for clients that reconnect, and the clients.
/// One lock holds them together, so that no client misses a frame or gets one twice; nothing waits under it.
/// </summary>
internal sealed class FeedMirror(StreamSamples samples)
{
    private const int MaxFrames = 4096;

    private readonly Lock _lock = new();
    private readonly LatestStatuses _latest = new();
    private readonly Queue<Frame> _frames = new();
    private readonly HashSet<FeedSubscription> _clients = [];
    private FeedPosition? _position;
    private TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The latest statuses of all active streams, in no order.</summary>
    public IReadOnlyList<StreamStatus> Active
    {
        get
        {
            lock (_lock)
            {
                return [.. _latest.All];
            }
        }
    }

    /// <summary>Where this process is in the feed; null before the first answer.</summary>
    public FeedPosition? Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>How many clients there are.</summary>
    public int Clients
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>Done when there is a client.</summary>
    public Task HasClients
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count > 0 ? Task.CompletedTask : _joined.Task;
            }
        }
    }

    /// <summary>The latest status of an active stream; null for any other.</summary>
    public StreamStatus? Find(StreamId id)
    {
        lock (_lock)
        {
            return _latest.Find(id);
        }
    }

    /// <summary>Receives a page of the feed, and sends it to every client.</summary>
    public void Receive(FeedPage page)
    {
        lock (_lock)
        {
            _position = page.Position;
            if (page.IsReset)
            {
                Reset(page);
            }
            else if (!page.Items.IsEmpty)
            {
                Append(page);
            }
        }
    }

    /// <summary>Adds a client, unless there are as many as there may be.</summary>
    public FeedSubscription? TryJoin(StreamId? streamId, FeedPosition? after, int maxClients)
    {
        lock (_lock)
        {
            return _clients.Count < maxClients ? Join(streamId, after) : null;
        }
    }

    /// <summary>Adds a client; its queue begins with what it has missed, or with all that is.</summary>
    public FeedSubscription Join(StreamId? streamId, FeedPosition? after)
    {
        FeedSubscription client = new(streamId);
        lock (_lock)
        {
            client.Send(FeedFrame.Opening);
            if (_position is { } position)
            {
                client.Send(after is { } seen && CanResume(seen, position) ? Missed(seen, position, streamId) : Snapshot(position, streamId));
            }

            _clients.Add(client);
            _joined.TrySetResult();
            _joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return client;
    }

    /// <summary>Removes a client.</summary>
    public void Leave(FeedSubscription client)
    {
        lock (_lock)
        {
            _clients.Remove(client);
        }
    }

    private bool CanResume(FeedPosition seen, FeedPosition position) =>
        seen.Epoch == position.Epoch && seen.Sequence <= position.Sequence && position.Sequence - seen.Sequence <= _frames.Count;

    private byte[] Missed(FeedPosition seen, FeedPosition position, StreamId? only) =>
        Join([.. _frames.Skip((int)(_frames.Count - (position.Sequence - seen.Sequence))).Where(frame => only is null || frame.StreamId == only).Select(static frame => frame.Bytes)]);

    private byte[] Snapshot(FeedPosition position, StreamId? only) =>
        FeedFrame.Snapshot(only is { } id ? _latest.Find(id) is { } status ? [status] : [] : _latest.All, position);

    private void Reset(FeedPage page)
    {
        _latest.Clear();
        _frames.Clear();
        foreach (FeedItem item in page.Items)
        {
            Apply(item);
        }

        byte[]? all = null;
        _clients.RemoveWhere(client => !client.Send(client.StreamId is { } id ? Snapshot(page.Position, id) : all ??= Snapshot(page.Position, null)));
    }

    private void Append(FeedPage page)
    {
        long sequence = page.Position.Sequence - page.Items.Length;
        List<Frame> frames = new(page.Items.Length);
        foreach (FeedItem item in page.Items)
        {
            Apply(item);
            frames.Add(new Frame(item, page.Position with { Sequence = ++sequence }));
        }

        foreach (Frame frame in frames)
        {
            if (_frames.Count == MaxFrames)
            {
                _frames.Dequeue();
            }

            _frames.Enqueue(frame);
        }

        if (_clients.Count > 0)
        {
            Dictionary<StreamId, byte[]> byStream = frames.GroupBy(static frame => frame.StreamId, static frame => frame.Bytes).ToDictionary(static group => group.Key, static group => Join([.. group]));
            byte[] all = Join([.. frames.Select(static frame => frame.Bytes)]);
            _clients.RemoveWhere(client => client.StreamId is { } id ? byStream.TryGetValue(id, out byte[]? its) && !client.Send(its) : !client.Send(all));
        }
    }

    private void Apply(FeedItem item)
    {
        if (_latest.Apply(item) is { } now)
        {
            samples.Add(now);
        }
    }

    private static byte[] Join(IReadOnlyList<byte[]> frames)
    {
        if (frames.Count == 1)
        {
            return frames[0];
        }

        ArrayBufferWriter<byte> joined = new(Math.Max(1, frames.Sum(static frame => frame.Length)));
        foreach (byte[] frame in frames)
        {
            joined.Write(frame);
        }

        return joined.WrittenSpan.ToArray();
    }

    /// <summary>An item as it is written to clients: made for the first that wants it, and kept for all others.</summary>
    private sealed class Frame(FeedItem item, FeedPosition position)
    {
        private byte[]? _bytes;

        public StreamId StreamId => item.StreamId;

        public byte[] Bytes => _bytes ??= FeedFrame.Of(item, position);
    }
}

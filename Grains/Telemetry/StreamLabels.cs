namespace Streams.Grains.Telemetry;

/// <summary>
/// Reusable values of the tag <c>stream</c>. OpenTelemetry never frees the series of a tag value that it has seen, and the number of series is
/// limited. It compares values by identity and reads their text at export, so the value of an ended stream is given to a new stream, and there are
/// never more values than concurrent streams. Thread-safe.
/// </summary>
/// <param name="isShown">Whether a stream currently has series.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamLabels(Func<StreamId, bool> isShown, TimeProvider time)
{
    /// <summary>How long the value of an ended stream is not reused, so that an exporter has exported it and dropped its deltas.</summary>
    private static readonly TimeSpan ReuseDelay = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, LinkedListNode<Label>> _labels = [];

    /// <summary>Labels by last use, oldest first.</summary>
    private readonly LinkedList<Label> _byUse = new();

    /// <summary>The number of labels in use.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _labels.Count;
            }
        }
    }

    /// <summary>The tag value of a stream; its text is the stream's id.</summary>
    public object Of(StreamId id)
    {
        lock (_lock)
        {
            if (!_labels.TryGetValue(id, out LinkedListNode<Label>? node))
            {
                node = FindReusable() ?? new LinkedListNode<Label>(new Label());
                node.Value.Stream = id;
                _labels[id] = node;
            }
            else
            {
                _byUse.Remove(node);
            }

            node.Value.UsedAt = time.GetTimestamp();
            _byUse.AddLast(node);
            return node.Value;
        }
    }

    /// <summary>The label of a stream that ended long enough ago; null when there is none.</summary>
    private LinkedListNode<Label>? FindReusable()
    {
        LinkedListNode<Label>? next = _byUse.First;
        while (next is { } node && time.GetElapsedTime(node.Value.UsedAt) >= ReuseDelay)
        {
            next = node.Next;
            if (!isShown(node.Value.Stream)) // An exporter may read only every ten minutes, so an unused label does not mean that its stream has ended.
            {
                _labels.Remove(node.Value.Stream);
                _byUse.Remove(node);
                return node;
            }
        }

        return null;
    }

    private sealed class Label
    {
        private volatile string _text = "";
        private StreamId _id;

        public long UsedAt { get; set; }

        public StreamId Stream
        {
            get => _id;
            set => (_id, _text) = (value, value.Value);
        }

        public override string ToString() => _text;
    }
}

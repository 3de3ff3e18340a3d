namespace Streams.Grains.Telemetry;

/// <summary>
/// The values of the tag <c>stream</c>. OpenTelemetry keeps a place in each metric for every value that it has ever seen, and has room for so many. It
/// tells values apart by identity and asks for their text when it writes them: so a value that has said one stream says another one later, and there
/// are never more than streams at a time. Safe for several threads.
/// </summary>
/// <param name="isShown">Whether a stream has series now.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamLabels(Func<StreamId, bool> isShown, TimeProvider time)
{
    /// <summary>How long the value of a stream that has ended is left alone: whoever reads has written it by then, and has dropped what it computes from one reading to the next.</summary>
    private static readonly TimeSpan ReuseDelay = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, LinkedListNode<Label>> _labels = [];

    /// <summary>Those that were asked for longest ago come first.</summary>
    private readonly LinkedList<Label> _byUse = new();

    /// <summary>How many there are.</summary>
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

    /// <summary>The value for a stream: its text is the stream's id.</summary>
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

    /// <summary>One of a stream that has ended long enough ago; null when there is none.</summary>
    private LinkedListNode<Label>? FindReusable()
    {
        LinkedListNode<Label>? next = _byUse.First;
        while (next is { } node && time.GetElapsedTime(node.Value.UsedAt) >= ReuseDelay)
        {
            next = node.Next;
            if (!isShown(node.Value.Stream)) // Somebody may read once in ten minutes: that a stream was not asked for does not say that it has ended.
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

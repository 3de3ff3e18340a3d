namespace Streams.Grains.Feed;

/// <summary>What happened to one stream since it was last published: every line of its history, and only the newest of all else.</summary>
internal sealed class StreamNews(TimeProvider time)
{
    private readonly List<HistoryEntry> _entries = [];
    private (long Generation, WorkerProgress Progress)? _progress;

    /// <summary>What it is now; null when that is not news.</summary>
    public StreamStatus? Status { get; private set; }

    public StreamNews With(StreamStatus status)
    {
        Status = status;
        return this;
    }

    public StreamNews With(HistoryEntry entry)
    {
        if (_entries.Count == StreamHistory.MaxEntries)
        {
            _entries.RemoveAt(0);
        }

        _entries.Add(entry);
        return this;
    }

    public StreamNews With(long generation, WorkerProgress progress)
    {
        _progress = (generation, progress);
        return this;
    }

    /// <summary>Takes in what is older and could not be published.</summary>
    public StreamNews After(StreamNews older)
    {
        _entries.InsertRange(0, older._entries);
        _entries.RemoveRange(0, Math.Max(0, _entries.Count - StreamHistory.MaxEntries));
        Status ??= older.Status;
        _progress ??= older._progress;
        return this;
    }

    public IEnumerable<FeedItem> ToItems(StreamId id)
    {
        foreach (HistoryEntry entry in _entries)
        {
            yield return new FeedItem(id, entry.Generation, entry.At) { Entry = entry };
        }

        if (Status is { } status)
        {
            yield return new FeedItem(id, status.Generation, time.GetUtcNow()) { Status = status };
        }

        // The last report of a run that has ended meanwhile would make it look alive.
        if (_progress is { } reported && (Status is null || (Status.WorkerPid is not null && Status.Generation == reported.Generation)))
        {
            yield return new FeedItem(id, reported.Generation, reported.Progress.At) { Progress = reported.Progress };
        }
    }
}

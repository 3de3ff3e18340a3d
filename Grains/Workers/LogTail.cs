using System.Collections.Immutable;

namespace Streams.Grains.Workers;

/// <summary>The last lines of a worker; safe for one writer and many readers.</summary>
internal sealed class LogTail(int capacity)
{
    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }

    public ImmutableArray<string> Snapshot()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }
}

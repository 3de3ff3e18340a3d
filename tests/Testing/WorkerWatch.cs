using System.Collections.Concurrent;

namespace Streams.Testing;

/// <summary>Looks at all worker processes every 50 ms, and remembers each moment at which a stream had two, or none any more.</summary>
public sealed class WorkerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<string> _doubled = [];
    private readonly ConcurrentBag<string> _missing = [];
    private readonly HashSet<string> _seen = [];
    private readonly Func<string, bool> _isOurs;
    private readonly Task _watching;

    /// <summary>Starts looking.</summary>
    /// <param name="isOurs">Whether a stream id is of this test.</param>
    public WorkerWatch(Func<string, bool> isOurs)
    {
        _isOurs = isOurs;
        _watching = Task.Run(Watch);
    }

    /// <summary>How often it has looked.</summary>
    public int Looks { get; private set; }

    /// <summary>Each sighting of a stream with more than one worker.</summary>
    public IReadOnlyCollection<string> Doubled => _doubled;

    /// <summary>Each sighting of a stream without a worker that had one before.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Says whether any worker was doubled, and when.</summary>
    public string Describe() => _doubled.IsEmpty ? "no worker doubled" : $"DOUBLED: {string.Join("; ", _doubled)}";

    /// <summary>Leaders of living worker groups, by stream.</summary>
    public static ILookup<string, int> Workers(Func<string, bool> isOurs)
    {
        Dictionary<int, string> markers = [];
        Processes.WithVariable("STREAMS_RUN", value => isOurs(StreamOf(value)), markers);
        return markers.Where(static marked => Processes.GroupOf(marked.Key) == marked.Key)
            .ToLookup(static marked => StreamOf(marked.Value), static marked => marked.Key);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watching;
        _closing.Dispose();
    }

    /// <summary>The stream of a marker <c>silo/stream/generation</c>; empty for what is none.</summary>
    private static string StreamOf(string marker) => marker.Split('/') is [_, var stream, _] ? stream : "";

    private async Task Watch()
    {
        using PeriodicTimer timer = new(Period);
        while (!_closing.IsCancellationRequested)
        {
            Looks++;
            ILookup<string, int> workers = Workers(_isOurs);
            foreach (string stream in _seen.Where(stream => !workers.Contains(stream)))
            {
                _missing.Add(stream);
            }

            _seen.UnionWith(workers.Select(static stream => stream.Key));
            foreach (IGrouping<string, int> stream in workers.Where(static stream => stream.Count() > 1))
            {
                // One of them may have ended while the table was read.
                int[] alive = [.. stream.Where(Processes.IsAlive)];
                if (alive.Length > 1)
                {
                    _doubled.Add($"{stream.Key}: {string.Join(", ", alive)}");
                }
            }

            await ((Task)timer.WaitForNextTickAsync(_closing.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

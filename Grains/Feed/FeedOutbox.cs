using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streams;

/// <summary>
/// Gathers what happens to the streams of this silo, and publishes it to the feed in batches, one at a time. Whoever tells it
/// something never waits; while the feed is away, what is newer takes the place of what is older.
/// </summary>
internal sealed partial class FeedOutbox(IGrainFactory grains, LiveStreams live, SiloReporter reporter, TimeProvider time, ILogger<FeedOutbox> logger) : BackgroundService
{
    /// <summary>What happens within this time goes out together. It is a part of the delay that a reader sees.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(15);

    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, StreamNews> _news = [];
    private readonly SemaphoreSlim _something = new(0, 1);
    private Guid _epoch;

    /// <summary>A stream is something else now.</summary>
    public void Note(StreamStatus status)
    {
        live.Take(status);
        Gather(status.StreamId, news => news.Status = status);
    }

    /// <summary>A line was added to a stream's history.</summary>
    public void Note(StreamId id, HistoryEntry entry) => Gather(id, news => news.Add(entry));

    /// <summary>A worker of this silo reported progress.</summary>
    public void Note(StreamId id, long generation, WorkerProgress progress)
    {
        live.Take(id, generation, progress);
        Gather(id, news => news.SetProgress(generation, progress));
    }

    /// <summary>The stream is no longer held by this silo.</summary>
    public void Forget(StreamId id) => live.Forget(id);

    public override void Dispose()
    {
        _something.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await _something.WaitAsync(ReportPeriod, stoppingToken))
            {
                await Task.Delay(Gathering, time, stoppingToken);
            }

            await Publish(stoppingToken);
        }
    }

    private async Task Publish(CancellationToken stoppingToken)
    {
        KeyValuePair<StreamId, StreamNews>[] taken = TakeNews();
        try
        {
            ImmutableArray<FeedItem> items = [.. taken.SelectMany(static pair => pair.Value.ToItems(pair.Key))];
            Guid epoch = await grains.GetGrain<IFeedGrain>(IFeedGrain.Key).Publish(new FeedBatch(reporter.Report(), items)).WaitAsync(Patience, time, stoppingToken);
            if (epoch != _epoch)
            {
                _epoch = epoch;
                TellAll();
            }
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotPublished(failure);
            PutBack(taken);
            await Task.Delay(ReportPeriod, time, stoppingToken);
        }
    }

    /// <summary>A new feed knows nothing: it is told what every stream of this silo is.</summary>
    private void TellAll()
    {
        foreach (StreamStatus status in live.All)
        {
            Gather(status.StreamId, news => news.Status ??= status);
        }
    }

    private void Gather(StreamId id, Action<StreamNews> add)
    {
        lock (_lock)
        {
            if (!_news.TryGetValue(id, out StreamNews? news))
            {
                _news[id] = news = new StreamNews(time);
            }

            add(news);
            if (_something.CurrentCount == 0)
            {
                _something.Release();
            }
        }
    }

    private KeyValuePair<StreamId, StreamNews>[] TakeNews()
    {
        lock (_lock)
        {
            KeyValuePair<StreamId, StreamNews>[] taken = [.. _news];
            _news.Clear();
            return taken;
        }
    }

    private void PutBack(KeyValuePair<StreamId, StreamNews>[] taken)
    {
        foreach ((StreamId id, StreamNews older) in taken)
        {
            Gather(id, news => news.PutBefore(older));
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "What happens to the streams could not be published to the feed; it is kept, and published again in a second")]
    private partial void LogNotPublished(Exception failure);
}

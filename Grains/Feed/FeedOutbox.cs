using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streams.Grains.Workers;

namespace Streams.Grains.Feed;

/// <summary>
/// Publishes what happens to the streams of this silo to the feed, in batches, one at a time, and each second how the silo is. Whoever tells it
/// something never waits. What could not be published is kept, and published again with what is newer.
/// </summary>
internal sealed partial class FeedOutbox(IGrainFactory grains, LiveStreams live, SiloReporter reporter, TimeProvider time, ILogger<FeedOutbox> logger)
    : BackgroundService, IProgressReceiver
{
    /// <summary>What happens within this time goes out together. It is a part of the delay that a reader sees.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(15);

    /// <summary>A batch goes out at least this often, be it an empty one; a failed one is tried again after the same time.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How long the feed may take for a batch.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, StreamNews> _news = [];
    private readonly SemaphoreSlim _something = new(0, 1);
    private Guid _epoch;

    /// <summary>A stream is something else now.</summary>
    public void Note(StreamStatus status)
    {
        live.Take(status);
        Gather(status.StreamId, status, static (news, now) => news.With(now));
    }

    /// <summary>A line was added to a stream's history.</summary>
    public void Note(StreamId id, HistoryEntry entry) => Gather(id, entry, static (news, added) => news.With(added));

    /// <summary>A worker of this silo reported progress.</summary>
    public void Receive(StreamId id, long generation, WorkerProgress progress)
    {
        live.Take(id, generation, progress);
        Gather(id, (generation, progress), static (news, reported) => news.With(reported.generation, reported.progress));
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
            if (await _something.WaitAsync(Period, stoppingToken))
            {
                await Task.Delay(Gathering, time, stoppingToken);
            }

            KeyValuePair<StreamId, StreamNews>[] taken = TakeNews();
            try
            {
                await Publish(taken).WaitAsync(Limit, time, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotPublished(failure);
                PutBack(taken);
                await Task.Delay(Period, time, stoppingToken);
            }
        }
    }

    private async Task Publish(KeyValuePair<StreamId, StreamNews>[] news)
    {
        ImmutableArray<FeedItem> items = [.. news.SelectMany(static pair => pair.Value.ToItems(pair.Key))];
        Guid epoch = await grains.GetGrain<IFeedGrain>(IFeedGrain.Key).Publish(new FeedBatch(reporter.Report(), items));
        if (epoch != _epoch)
        {
            _epoch = epoch;
            TellAll();
        }
    }

    /// <summary>A new feed knows nothing: it is told what every stream of this silo is.</summary>
    private void TellAll()
    {
        foreach (StreamStatus status in live.All)
        {
            Gather(status.StreamId, status, static (news, now) => _ = news.Status is null ? news.With(now) : news);
        }
    }

    /// <summary>Adds to what is known of a stream since the last batch, inside the lock.</summary>
    private void Gather<TTold>(StreamId id, TTold told, Action<StreamNews, TTold> add)
    {
        lock (_lock)
        {
            if (!_news.TryGetValue(id, out StreamNews? news))
            {
                news = new StreamNews(time);
                _news.Add(id, news);
            }

            add(news, told);
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
            Gather(id, older, static (newer, kept) => newer.After(kept));
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "What happens to the streams could not be published to the feed; it is kept, and published again in a second")]
    private partial void LogNotPublished(Exception failure);
}

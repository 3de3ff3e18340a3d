using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streams.Grains.Hosts;
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

    /// <summary>A batch goes out at least this often, be it an empty one, and with it what is no news to anybody who does not look; a failed one is tried again after the same time.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How long the feed may take for a batch.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, StreamNews> _news = [];
    private TaskCompletionSource _urgent = NewSignal();
    private Guid _epoch;
    private volatile bool _isProgressWatched;

    /// <summary>A stream has changed.</summary>
    /// <param name="status">What it is now.</param>
    /// <param name="isCount">Whether only counts have changed, such as bytes: they are published with the next news, or each second.</param>
    public void Report(StreamStatus status, bool isCount = false)
    {
        live.Update(status);
        Gather(status.StreamId, status, static (news, now) => news.With(now), !isCount || _isProgressWatched);
    }

    /// <summary>A line was added to a stream's history.</summary>
    public void Report(StreamId id, HistoryEntry entry) => Gather(id, entry, static (news, added) => news.With(added), isUrgent: true);

    /// <summary>A worker of this silo reported progress.</summary>
    public void Receive(StreamId id, long generation, WorkerProgress progress)
    {
        live.Update(id, generation, progress);
        Gather(id, (generation, progress), static (news, reported) => news.With(reported.generation, reported.progress), _isProgressWatched);
    }

    /// <summary>The stream is no longer held by this silo.</summary>
    public void Forget(StreamId id) => live.Forget(id);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Task urgent = _urgent.Task;
            await urgent.WaitAsync(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (urgent.IsCompleted)
            {
                await Task.Delay(Gathering, time, stoppingToken);
            }

            KeyValuePair<StreamId, StreamNews>[] taken = DrainNews();
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
        FeedWish wish = await grains.GetGrain<IFeedGrain>(IFeedGrain.Key).Publish(new FeedBatch(reporter.Report(), items));
        _isProgressWatched = wish.IsProgressWatched;
        if (wish.Epoch != _epoch)
        {
            _epoch = wish.Epoch;
            PublishAll();
        }
    }

    /// <summary>A new feed knows nothing: it is told what every stream of this silo is.</summary>
    private void PublishAll()
    {
        foreach (StreamStatus status in live.All)
        {
            Gather(status.StreamId, status, static (news, now) => _ = news.Status is null ? news.With(now) : news, isUrgent: true);
        }
    }

    /// <summary>Adds to what is known of a stream since the last batch, inside the lock. What is urgent goes out soon, and all else with it.</summary>
    private void Gather<TTold>(StreamId id, TTold told, Action<StreamNews, TTold> add, bool isUrgent)
    {
        lock (_lock)
        {
            if (!_news.TryGetValue(id, out StreamNews? news))
            {
                news = new StreamNews(time);
                _news.Add(id, news);
            }

            add(news, told);
            if (isUrgent)
            {
                _urgent.TrySetResult();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KeyValuePair<StreamId, StreamNews>[] DrainNews()
    {
        lock (_lock)
        {
            KeyValuePair<StreamId, StreamNews>[] taken = [.. _news];
            _news.Clear();
            _urgent = _urgent.Task.IsCompleted ? NewSignal() : _urgent;
            return taken;
        }
    }

    private void PutBack(KeyValuePair<StreamId, StreamNews>[] taken)
    {
        foreach ((StreamId id, StreamNews older) in taken)
        {
            Gather(id, older, static (newer, kept) => newer.After(kept), isUrgent: true);
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "What happens to the streams could not be published to the feed; it is kept, and published again in a second")]
    private partial void LogNotPublished(Exception failure);
}

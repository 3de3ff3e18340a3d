using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Streams.Grains.Workers;

namespace Streams.Grains.Feed;

/// <summary>Publishes what happens to the streams of this silo to the feed, and each second how the silo is.</summary>
internal sealed partial class FeedOutbox(IGrainFactory grains, LiveStreams live, SiloReporter reporter, TimeProvider time, ILogger<FeedOutbox> logger)
    : Outbox<StreamNews>(time), IProgressReceiver
{
    private Guid _epoch;

    /// <summary>A stream is something else now.</summary>
    public void Note(StreamStatus status)
    {
        live.Take(status);
        Gather(status.StreamId, status, (news, now) => Known(news).With(now));
    }

    /// <summary>A line was added to a stream's history.</summary>
    public void Note(StreamId id, HistoryEntry entry) => Gather(id, entry, (news, added) => Known(news).With(added));

    /// <summary>A worker of this silo reported progress.</summary>
    public void Receive(StreamId id, long generation, WorkerProgress progress)
    {
        live.Take(id, generation, progress);
        Gather(id, (generation, progress), (news, reported) => Known(news).With(reported.generation, reported.progress));
    }

    /// <summary>The stream is no longer held by this silo.</summary>
    public void Forget(StreamId id) => live.Forget(id);

    protected override async Task HandOver(IReadOnlyCollection<KeyValuePair<StreamId, StreamNews>> news)
    {
        ImmutableArray<FeedItem> items = [.. news.SelectMany(static pair => pair.Value.ToItems(pair.Key))];
        Guid epoch = await grains.GetGrain<IFeedGrain>(IFeedGrain.Key).Publish(new FeedBatch(reporter.Report(), items));
        if (epoch != _epoch)
        {
            _epoch = epoch;
            TellAll();
        }
    }

    protected override StreamNews Join(StreamNews older, StreamNews newer) => newer.After(older);

    protected override void LogKept(Exception failure) => LogNotPublished(failure);

    /// <summary>A new feed knows nothing: it is told what every stream of this silo is.</summary>
    private void TellAll()
    {
        foreach (StreamStatus status in live.All)
        {
            Gather(status.StreamId, status, (news, now) => news is { Status: not null } ? news : Known(news).With(now));
        }
    }

    private StreamNews Known(StreamNews? news) => news ?? new StreamNews(Time);

    [LoggerMessage(4001, LogLevel.Warning, "What happens to the streams could not be published to the feed; it is kept, and published again in a second")]
    private partial void LogNotPublished(Exception failure);
}

using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;

namespace Streams.Grains.Feed;

/// <summary>The feed: the last items, and what each stream is by them. Readers ask and wait; a reader that is gone costs nothing.</summary>
internal sealed class FeedGrain(IHostApplicationLifetime lifetime, TimeProvider time) : Grain, IFeedGrain
{
    private static readonly TimeSpan ReportsCountFor = TimeSpan.FromSeconds(10);

    /// <summary>A silo that lives has reported within this time: two that live under one name are both shown.</summary>
    private static readonly TimeSpan LivesFor = TimeSpan.FromSeconds(3);

    private readonly Guid _epoch = Guid.NewGuid();
    private readonly FeedLog _log = new();
    private readonly Dictionary<string, (SiloReport Report, long ReceivedAt)> _silos = [];
    private long? _watchedAt;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<FeedWish> Publish(FeedBatch batch)
    {
        SiloReport silo = batch.Silo;
        foreach (string former in _silos.Where(other => other.Value.Report.Name == silo.Name && other.Value.Report.StartedAt < silo.StartedAt && time.GetElapsedTime(other.Value.ReceivedAt) > LivesFor).Select(static other => other.Key).ToArray())
        {
            _silos.Remove(former); // A silo that was started again is not shown twice.
        }

        _silos[silo.Address] = (silo, time.GetTimestamp());
        if (!batch.Items.IsEmpty)
        {
            _log.Append(batch.Items);
            TaskCompletionSource waiting = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.SetResult();
        }

        return Task.FromResult(new FeedWish(_epoch, _watchedAt is { } at && time.GetElapsedTime(at) < IFeedGrain.WatchLasts));
    }

    public Task WatchProgress()
    {
        _watchedAt = time.GetTimestamp();
        return Task.CompletedTask;
    }

    public async Task<FeedPage> Next(FeedPosition? after)
    {
        if (after is not { } position || position.Epoch != _epoch || !_log.Has(position.Sequence))
        {
            return new FeedPage(new FeedPosition(_epoch, _log.Last), IsReset: true, _log.All());
        }

        if (position.Sequence == _log.Last)
        {
            try
            {
                // A silo that ends must not wait for its readers.
                await _more.Task.WaitAsync(IFeedGrain.LongestWait, time, lifetime.ApplicationStopping);
            }
            catch (Exception nothing) when (nothing is TimeoutException or OperationCanceledException)
            {
                return new FeedPage(position, IsReset: false, []);
            }
        }

        // Other calls came in between: so much may have happened that the position is forgotten.
        return _log.Has(position.Sequence)
            ? new FeedPage(new FeedPosition(_epoch, _log.Last), IsReset: false, _log.After(position.Sequence))
            : new FeedPage(new FeedPosition(_epoch, _log.Last), IsReset: true, _log.All());
    }

    public Task<ImmutableArray<SiloReport>> GetSilos()
    {
        foreach (string old in _silos.Where(silo => time.GetElapsedTime(silo.Value.ReceivedAt) > ReportsCountFor).Select(static silo => silo.Key).ToArray())
        {
            _silos.Remove(old);
        }

        return Task.FromResult<ImmutableArray<SiloReport>>([.. _silos.Values.Select(static silo => silo.Report).OrderBy(static report => report.Address, StringComparer.Ordinal)]);
    }
}

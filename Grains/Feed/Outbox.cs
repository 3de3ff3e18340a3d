using Microsoft.Extensions.Hosting;

namespace Streams.Grains.Feed;

/// <summary>
/// Gathers what the streams of this silo tell, and hands it over in batches, one at a time. Whoever tells it something never waits. What
/// could not be handed over is kept and handed over again; meanwhile what is newer joins what is older.
/// </summary>
/// <typeparam name="TNews">What is told of one stream between two batches.</typeparam>
internal abstract class Outbox<TNews>(TimeProvider time) : BackgroundService
    where TNews : class
{
    /// <summary>What happens within this time goes out together. It is a part of the delay that a reader sees.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(15);

    /// <summary>A batch goes out at least this often, be it an empty one; a failed one is tried again after the same time.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, TNews> _news = [];
    private readonly SemaphoreSlim _something = new(0, 1);

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    public override void Dispose()
    {
        _something.Dispose();
        base.Dispose();
    }

    /// <summary>Adds to what is known of a stream since the last batch.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="told">What is new.</param>
    /// <param name="add">Makes the news, from those there are (null: none) and what is told. It runs inside a lock.</param>
    protected void Gather<TTold>(StreamId id, TTold told, Func<TNews?, TTold, TNews> add)
    {
        lock (_lock)
        {
            _news[id] = add(_news.GetValueOrDefault(id), told);
            if (_something.CurrentCount == 0)
            {
                _something.Release();
            }
        }
    }

    /// <summary>Hands a batch over; it may be empty.</summary>
    protected abstract Task HandOver(IReadOnlyCollection<KeyValuePair<StreamId, TNews>> news);

    /// <summary>The news that <paramref name="older"/>, which could not be handed over, and <paramref name="newer"/> make together.</summary>
    protected abstract TNews Join(TNews older, TNews newer);

    /// <summary>A batch could not be handed over, and will be again.</summary>
    protected abstract void LogKept(Exception failure);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await _something.WaitAsync(Period, stoppingToken))
            {
                await Task.Delay(Gathering, time, stoppingToken);
            }

            KeyValuePair<StreamId, TNews>[] taken = TakeNews();
            try
            {
                await HandOver(taken).WaitAsync(Patience, time, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogKept(failure);
                PutBack(taken);
                await Task.Delay(Period, time, stoppingToken);
            }
        }
    }

    private KeyValuePair<StreamId, TNews>[] TakeNews()
    {
        lock (_lock)
        {
            KeyValuePair<StreamId, TNews>[] taken = [.. _news];
            _news.Clear();
            return taken;
        }
    }

    private void PutBack(KeyValuePair<StreamId, TNews>[] taken)
    {
        foreach ((StreamId id, TNews older) in taken)
        {
            Gather(id, older, (newer, kept) => newer is null ? kept : Join(kept, newer));
        }
    }
}

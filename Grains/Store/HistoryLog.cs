using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Store;

/// <summary>
/// Writes histories behind the streams: whoever adds to one never waits, and nothing that is wrong with a history touches its stream. What
/// the store cannot take now is written later; what it cannot take at all is left out.
/// </summary>
internal sealed partial class HistoryLog(IStreamStore store, TimeProvider time, ILogger<HistoryLog> logger) : BackgroundService
{
    private const int MaxBatch = 500;

    /// <summary>What waits while the store is away; more is left out.</summary>
    private const int MaxWaiting = 20_000;

    /// <summary>How long the end of the silo waits for a store that is away: as long as it allows for saving.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Channel<Item> _waiting = Channel.CreateBounded<Item>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Adds a row after all that were added before.</summary>
    public void Add(HistoryRow row)
    {
        if (!_waiting.Writer.TryWrite(new Item(row, null)))
        {
            LogLost(row.StreamId, "too many rows wait for the store");
        }
    }

    /// <summary>Waits until what was added so far is written, or for as long as the caller likes.</summary>
    public async Task Flush(CancellationToken cancellationToken)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_waiting.Writer.TryWrite(new Item(null, written)))
        {
            await written.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes what waits before the silo ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(LongestEnd, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<HistoryRow> rows = new(MaxBatch);
        List<TaskCompletionSource> flushed = [];
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (rows.Count < MaxBatch && _waiting.Reader.TryRead(out Item item))
            {
                if (item.Row is { } row)
                {
                    rows.Add(row);
                }
                else
                {
                    flushed.Add(item.Written!);
                }
            }

            await WriteAll(rows, stoppingToken);
            flushed.ForEach(static written => written.TrySetResult());
            rows.Clear();
            flushed.Clear();
        }
    }

    private async Task WriteAll(List<HistoryRow> rows, CancellationToken stoppingToken)
    {
        while (rows.Count > 0 && await Write(rows) is { } failure)
        {
            // One stream's damage shows when the others can be written without it.
            int before = rows.Count;
            foreach (IGrouping<StreamId, HistoryRow> ofStream in rows.GroupBy(static row => row.StreamId).ToArray())
            {
                if (await Write([.. ofStream]) is null)
                {
                    rows.RemoveAll(row => row.StreamId == ofStream.Key);
                }
            }

            if (rows.Count < before || stoppingToken.IsCancellationRequested || await IsUsable())
            {
                rows.ForEach(row => LogLost(row.StreamId, failure.Message));
                return;
            }

            await Task.Delay(RetryPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Exception?> Write(IReadOnlyList<HistoryRow> rows)
    {
        try
        {
            await store.AppendHistory(rows);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private async Task<bool> IsUsable()
    {
        try
        {
            await store.Check(CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    [LoggerMessage(5005, LogLevel.Warning, "A line of the history of stream {StreamId} is lost: {Reason}")]
    private partial void LogLost(StreamId streamId, string reason);

    private readonly record struct Item(HistoryRow? Row, TaskCompletionSource? Written);
}

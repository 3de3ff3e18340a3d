using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Store;

/// <summary>
/// Writes histories in the background: a stream never waits for its history, and a failing history never affects the stream. Rows that the
/// store cannot write now are retried; rows that it can never write are dropped.
/// </summary>
internal sealed partial class HistoryLog(IStreamStore store, TimeProvider time, ILogger<HistoryLog> logger) : BackgroundService
{
    private const int MaxBatch = 500;

    /// <summary>The most rows that wait for an unreachable store; more are dropped.</summary>
    private const int MaxWaiting = 20_000;

    /// <summary>How long a shutdown waits for an unreachable store: within the time that the silo allows for saving.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Channel<Item> _waiting = Channel.CreateBounded<Item>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Queues a row; rows are written in the order in which they were added.</summary>
    public void Add(HistoryRow row)
    {
        if (!_waiting.Writer.TryWrite(new Item(row, null)))
        {
            LogLost(row.StreamId, "too many rows wait for the store");
        }
    }

    /// <summary>Waits until all rows added so far are written.</summary>
    public async Task Flush(CancellationToken cancellationToken)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_waiting.Writer.TryWrite(new Item(null, written)))
        {
            await written.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes the waiting rows before the silo ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(ShutdownTimeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            // If the other streams' rows can be written separately, the failure belongs to one stream.
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

    [LoggerMessage(5005, LogLevel.Warning, "A history entry of stream {StreamId} was not saved: {Reason}")]
    private partial void LogLost(StreamId streamId, string reason);

    private readonly record struct Item(HistoryRow? Row, TaskCompletionSource? Written);
}

using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>A write that one caller has queued, and its result.</summary>
/// <param name="commands">The commands, in order.</param>
internal sealed class PendingWrite(IReadOnlyList<WriteCommand> commands)
{
    private readonly TaskCompletionSource<long[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] _rows = new long[commands.Count];
    private volatile bool _isAbandoned;

    /// <summary>The commands, in order.</summary>
    public IReadOnlyList<WriteCommand> Commands => commands;

    /// <summary>Completes with the number of rows that each command affected, when all are committed.</summary>
    public Task<long[]> Done => _done.Task;

    /// <summary>Whether the caller has stopped waiting: a write that has not begun must then not begin.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>Marks that the caller has stopped waiting.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Records how many rows a command affected.</summary>
    public void SetRows(int command, ulong rows) => _rows[command] = (long)rows;

    /// <summary>Reports that all commands are committed.</summary>
    public void Complete() => _done.TrySetResult(_rows);

    /// <summary>Reports a failure; whether the write took effect may be unknown.</summary>
    public void Fail(StoreUnavailableException failure)
    {
        _done.TrySetException(failure);
        _ = _done.Task.Exception; // Observed, even when the caller has stopped waiting.
    }
}

/// <summary>One statement of a write.</summary>
/// <param name="Key">The stream that it changes. The statements of a batch are sorted by key, so that two silos cannot deadlock.</param>
/// <param name="Create">Creates the command, again for each attempt.</param>
internal readonly record struct WriteCommand(string Key, Func<NpgsqlBatchCommand> Create);

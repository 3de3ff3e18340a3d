using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>What one caller wants written, and what came of it.</summary>
/// <param name="commands">Its commands, in order.</param>
internal sealed class PendingWrite(IReadOnlyList<WriteCommand> commands)
{
    private readonly TaskCompletionSource<long[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] _rows = new long[commands.Count];
    private volatile bool _isAbandoned;

    /// <summary>Its commands, in order.</summary>
    public IReadOnlyList<WriteCommand> Commands => commands;

    /// <summary>How many rows each command concerned, when all are committed.</summary>
    public Task<long[]> Done => _done.Task;

    /// <summary>Whether its caller has gone: what has not begun then must not begin any more.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>Its caller waits no longer.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>A command has run.</summary>
    public void SetRows(int command, ulong rows) => _rows[command] = (long)rows;

    /// <summary>All is committed.</summary>
    public void Complete() => _done.TrySetResult(_rows);

    /// <summary>It failed; whether it took effect may be unknown.</summary>
    public void Fail(StoreUnavailableException failure)
    {
        _done.TrySetException(failure);
        _ = _done.Task.Exception; // Seen, also when its caller has gone.
    }
}

/// <summary>One statement of a write.</summary>
/// <param name="Key">The stream that it concerns. Statements of a batch run in this order, so that two silos never wait for each other in a ring.</param>
/// <param name="Create">Makes the command, for each attempt anew.</param>
internal readonly record struct WriteCommand(string Key, Func<NpgsqlBatchCommand> Create);

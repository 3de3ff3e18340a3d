namespace Streams;

/// <summary>
/// Judges whether a worker hangs. A worker without progress hangs only if its input delivers all the while; with an idle input,
/// or while nobody can tell, it is left alone. Safe for several threads.
/// </summary>
/// <param name="stallAfter">How long a worker may make no progress, once it has made some.</param>
/// <param name="startWithin">How long it may take to its first progress.</param>
/// <param name="time">The clock.</param>
internal sealed class LivenessMonitor(TimeSpan stallAfter, TimeSpan startWithin, TimeProvider time)
{
    /// <summary>MediaMTX is asked every second: without growth for this long, the input is idle; without an answer, nobody knows.</summary>
    private static readonly TimeSpan InputMemory = TimeSpan.FromSeconds(2.5);

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private DateTimeOffset? _firstProgressAt;
    private DateTimeOffset? _progressAt;
    private long? _inputBytes;
    private DateTimeOffset _inputSeenAt;
    private DateTimeOffset _inputGrewAt;
    private DateTimeOffset? _deliveringSince;

    /// <summary>How long it has been progressing; null before its first progress.</summary>
    public TimeSpan? ProgressingFor
    {
        get
        {
            lock (_lock)
            {
                return time.GetUtcNow() - _firstProgressAt;
            }
        }
    }

    /// <summary>Since when the input has delivered nothing; null while it delivers, or when that is unknown.</summary>
    public DateTimeOffset? InputIdleSince
    {
        get
        {
            lock (_lock)
            {
                DateTimeOffset now = time.GetUtcNow();
                bool isKnown = _inputBytes is not null && now - _inputSeenAt <= InputMemory;
                return isKnown && now - _inputGrewAt > InputMemory ? _inputGrewAt : null;
            }
        }
    }

    /// <summary>The worker made progress.</summary>
    public void NoteProgress()
    {
        lock (_lock)
        {
            _progressAt = time.GetUtcNow();
            _firstProgressAt ??= _progressAt;
        }
    }

    /// <summary>MediaMTX has received so many bytes from the input's source.</summary>
    public void NoteInput(long bytes)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (bytes > (_inputBytes ?? 0))
            {
                // After a pause the worker has its whole time again: it could not progress before.
                _deliveringSince = _deliveringSince is { } since && now - _inputGrewAt <= InputMemory ? since : now;
                _inputGrewAt = now;
            }
            else if (_inputBytes is null)
            {
                _inputGrewAt = now;
            }

            _inputBytes = bytes;
            _inputSeenAt = now;
        }
    }

    /// <summary>Why the worker hangs; null when it does not, or nobody can tell.</summary>
    public string? FindStall()
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_deliveringSince is not { } deliveringSince || now - _inputGrewAt > InputMemory)
            {
                return null;
            }

            (DateTimeOffset from, TimeSpan limit, string what) = _progressAt is { } progressAt
                ? (progressAt, stallAfter, "no progress")
                : (_startedAt, startWithin, "no first progress");
            DateTimeOffset counted = from > deliveringSince ? from : deliveringSince;
            return now - counted >= limit
                ? $"The worker hung: {what} for {(now - counted).TotalSeconds:0.0} s while its input delivered."
                : null;
        }
    }
}

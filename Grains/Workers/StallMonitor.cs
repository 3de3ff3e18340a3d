namespace Streams.Grains.Workers;

/// <summary>
/// Judges whether a worker hangs: whether it makes progress, and whether its output arrives. It hangs only if its input delivers all the while;
/// with an idle input, or while nobody can tell, it is left alone. Durations go by the monotonic clock. Safe for several threads.
/// </summary>
/// <param name="limits">How long it may take.</param>
/// <param name="output">The path where its output must arrive; null for a worker that writes elsewhere, which is believed by its own progress.</param>
/// <param name="reportsProgress">Whether it reports progress at all.</param>
/// <param name="time">The clock.</param>
internal sealed class StallMonitor(StallLimits limits, StreamPath? output, bool reportsProgress, TimeProvider time)
{
    /// <summary>MediaMTX is asked every second: without growth for this long, the input is idle; without an answer, nobody knows.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2.5);

    /// <summary>Output bytes are seen once a second, so that a shorter limit would take a late answer for a hang.</summary>
    private static readonly TimeSpan ShortestOutputLimit = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Counter _input = new();
    private readonly Counter _output = new();
    private string? _outputSource;
    private long? _progressAt;
    private long? _arrivedAt;
    private long? _deliveringSince;

    /// <summary>Whether the output is kept: its path counts bytes of the slate too, so that only what follows the first look at a publisher is the worker's.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether it writes elsewhere than into MediaMTX.</summary>
    public bool IsElsewhere => output is null;

    /// <summary>Whether its output arrives, or for a worker that writes elsewhere: whether it has made progress.</summary>
    public bool HasArrived
    {
        get
        {
            lock (_lock)
            {
                return _arrivedAt is not null;
            }
        }
    }

    /// <summary>For how long its output has been arriving; null before that.</summary>
    public TimeSpan? ArrivingFor
    {
        get
        {
            lock (_lock)
            {
                return _arrivedAt is { } at ? time.GetElapsedTime(at) : null;
            }
        }
    }

    /// <summary>For how long the input has delivered nothing; null while it delivers, or when that is unknown.</summary>
    public TimeSpan? InputIdleFor
    {
        get
        {
            lock (_lock)
            {
                return _input.SeenAt is { } seen && time.GetElapsedTime(seen) <= Memory && time.GetElapsedTime(_input.GrewAt) is var idle && idle > Memory ? idle : null;
            }
        }
    }

    /// <summary>The worker made progress.</summary>
    public void RecordProgress()
    {
        lock (_lock)
        {
            _progressAt = time.GetTimestamp();
            if (output is null)
            {
                _arrivedAt ??= _progressAt;
            }
        }
    }

    /// <summary>MediaMTX has received so many bytes from the input's source.</summary>
    public void RecordInput(long bytes)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            bool isFirst = _input.SeenAt is null;
            TimeSpan sinceGrowth = isFirst ? TimeSpan.Zero : time.GetElapsedTime(_input.GrewAt, now);
            if (_input.Record(bytes, now))
            {
                // After a pause the worker has its whole time again: it could not progress before.
                _deliveringSince = _deliveringSince is { } since && sinceGrowth <= Memory ? since : now;
            }
        }
    }

    /// <summary>MediaMTX shows the output: so many bytes from this source. A null source: nobody publishes it.</summary>
    public void RecordOutput(string? source, long bytes)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (source != _outputSource)
            {
                _outputSource = source;
                _output.Restart(IsKept && source is not null ? bytes : null);
            }

            if (_output.Record(bytes, now) && output is not null)
            {
                _arrivedAt ??= now;
            }
        }
    }

    /// <summary>MediaMTX has made the output available after it had received and analysed some of it (as it does with RTMP).</summary>
    public void RecordOutputAvailable()
    {
        lock (_lock)
        {
            if (output is not null && _arrivedAt is null)
            {
                _arrivedAt = time.GetTimestamp();
                _output.Grew(_arrivedAt.Value);
            }
        }
    }

    /// <summary>That the worker makes no progress, or nothing of it arrives, from half the limit on; null when it works, or nobody can tell.</summary>
    public Stall? FindStall()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_deliveringSince is not { } deliveringSince || time.GetElapsedTime(_input.GrewAt, now) > Memory)
            {
                return null;
            }

            Stall? silent = reportsProgress ? FindSilence(deliveringSince, now) : null;
            Stall? dark = output is { } path ? FindDarkness(path, deliveringSince, now) : null;
            return silent is not null && (silent.IsOver || dark is not { IsOver: true }) ? silent : dark;
        }
    }

    private Stall? FindSilence(long deliveringSince, long now) => _progressAt is { } progressAt
        ? Judge(progressAt, deliveringSince, now, limits.StallAfter, "The worker hung: no progress", isQuiet: true)
        : Judge(_startedAt, deliveringSince, now, limits.StartWithin, "The worker hung: no first progress", isQuiet: true);

    private Stall? FindDarkness(StreamPath path, long deliveringSince, long now)
    {
        if (_arrivedAt is null)
        {
            string what = _progressAt is null ? "The worker hung: nothing of it has arrived" : "The worker reads and counts, but nothing of it has arrived";
            return Judge(_startedAt, deliveringSince, now, limits.StartWithin, $"{what} at {path}", isQuiet: _progressAt is null);
        }

        if (_output.SeenAt is not { } seenAt || time.GetElapsedTime(seenAt, now) > Memory)
        {
            return null;
        }

        TimeSpan limit = limits.StallAfter > ShortestOutputLimit ? limits.StallAfter : ShortestOutputLimit;
        return Judge(_output.GrewAt, deliveringSince, now, limit, $"The worker hung: nothing more has arrived at {path}", isQuiet: !reportsProgress);
    }

    private Stall? Judge(long from, long deliveringSince, long now, TimeSpan limit, string what, bool isQuiet)
    {
        TimeSpan waited = time.GetElapsedTime(Math.Max(from, deliveringSince), now);
        return waited >= limit / 2
            ? new Stall($"{what} for {waited.TotalSeconds:0.0} s while its input delivered.", waited, limit, isQuiet)
            : null;
    }

    private sealed class Counter
    {
        private long? _bytes;

        /// <summary>When MediaMTX last told it; null before the first time.</summary>
        public long? SeenAt { get; private set; }

        /// <summary>When it last grew, or was first told.</summary>
        public long GrewAt { get; private set; }

        public void Restart(long? bytes = null) => _bytes = bytes;

        public void Grew(long now) => GrewAt = now;

        /// <summary>True when it has grown.</summary>
        public bool Record(long bytes, long now)
        {
            bool grew = bytes > (_bytes ?? 0);
            if (grew || SeenAt is null)
            {
                GrewAt = now;
            }

            _bytes = bytes;
            SeenAt = now;
            return grew;
        }
    }
}

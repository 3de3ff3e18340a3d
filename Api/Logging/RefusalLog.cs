namespace Streams.Api.Logging;

/// <summary>Kinds of log lines that anybody can cause without a bound.</summary>
internal enum RefusalKind
{
    /// <summary>A token that is not known.</summary>
    UnknownToken,

    /// <summary>A sign-in that failed.</summary>
    SignIn,

    /// <summary>An event that is none.</summary>
    Event,

    /// <summary>A publisher or reader with wrong credentials.</summary>
    MediaRefused,

    /// <summary>A publisher or reader that waits to be asked for credentials.</summary>
    MediaAsked,

    /// <summary>A question of MediaMTX that no silo answered.</summary>
    MediaUnavailable,

    /// <summary>A connection that was closed for others.</summary>
    Connection,
}

/// <summary>
/// Rate limit of log lines about refusals: of each kind the first 20 in a minute are written, and one line says how many more there were. Safe for
/// several threads.
/// </summary>
internal sealed partial class RefusalLog : IDisposable
{
    /// <summary>Lines of one kind in a minute.</summary>
    public const int PerMinute = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ILogger<RefusalLog> _logger;
    private readonly Window[] _windows;

    public RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
    {
        (_time, _logger) = (time, logger);
        _windows = [.. Enum.GetValues<RefusalKind>().Select(kind => new Window(this, kind))];
    }

    /// <summary>Whether one more line of the kind is to be written; it is counted when not.</summary>
    public bool Admits(RefusalKind kind) => _windows[(int)kind].Admits();

    public void Dispose() => Array.ForEach(_windows, static window => window.Dispose());

    /// <summary>A minute of one kind, which begins with its first line.</summary>
    private sealed class Window : IDisposable
    {
        private readonly RefusalLog _owner;
        private readonly RefusalKind _kind;
        private readonly ITimer _end;
        private readonly Lock _lock = new();
        private int _lines;
        private long _leftOut;

        public Window(RefusalLog owner, RefusalKind kind)
        {
            (_owner, _kind) = (owner, kind);
            _end = owner._time.CreateTimer(static window => ((Window)window!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Admits()
        {
            lock (_lock)
            {
                if (_lines == PerMinute)
                {
                    _leftOut++;
                    return false;
                }

                if (_lines++ == 0)
                {
                    _end.Change(Minute, Timeout.InfiniteTimeSpan);
                }

                return true;
            }
        }

        public void Dispose()
        {
            _end.Dispose();
            End();
        }

        private void End()
        {
            long leftOut;
            lock (_lock)
            {
                leftOut = _leftOut;
                (_lines, _leftOut) = (0, 0);
            }

            if (leftOut > 0)
            {
                _owner.LogLeftOut(leftOut, _kind);
            }
        }
    }

    [LoggerMessage(1741, LogLevel.Warning, "{Count} more lines about {Kind} were left out within a minute")]
    private partial void LogLeftOut(long count, RefusalKind kind);
}

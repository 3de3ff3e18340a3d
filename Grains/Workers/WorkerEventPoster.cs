using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Workers;

/// <summary>Tells a stream what becomes of a run: in order, each once, and again and again while the stream cannot take it.</summary>
internal sealed partial class WorkerEventPoster
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly Channel<Func<Task>> _events = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IWorkerEvents _stream;
    private readonly WorkerRun _run;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _closing;
    private readonly Task _posting;
    private int _steadyTold;
    private int _stallTold;

    public WorkerEventPoster(IWorkerEvents stream, WorkerRun run, TimeProvider time, ILogger logger, CancellationToken closing)
    {
        _stream = stream;
        _run = run;
        _time = time;
        _logger = logger;
        _closing = closing;
        _posting = Task.Run(PostAll, CancellationToken.None);
    }

    public void Started(WorkerProcessInfo process) => _events.Writer.TryWrite(() => _stream.Started(_run.Generation, process));

    public void Progressed() => _events.Writer.TryWrite(() => _stream.Progressed(_run.Generation));

    /// <summary>Told once, however often it is called.</summary>
    public void Steady()
    {
        if (Interlocked.Exchange(ref _steadyTold, 1) == 0)
        {
            _events.Writer.TryWrite(() => _stream.Steady(_run.Generation));
        }
    }

    /// <summary>Told once, however often it is called.</summary>
    public void Stalled(string reason)
    {
        if (Interlocked.Exchange(ref _stallTold, 1) == 0)
        {
            _events.Writer.TryWrite(() => _stream.Stalled(_run.Generation, reason));
        }
    }

    /// <summary>The last event; returns when the stream has taken it, or the silo ends.</summary>
    public Task Exited(WorkerExit exit)
    {
        _events.Writer.TryWrite(() => _stream.Exited(_run.Generation, exit));
        _events.Writer.TryComplete();
        return _posting;
    }

    private async Task PostAll()
    {
        await foreach (Func<Task> post in _events.Reader.ReadAllAsync(CancellationToken.None))
        {
            await PostUntilTaken(post);
        }
    }

    private async Task PostUntilTaken(Func<Task> post)
    {
        TimeSpan wait = FirstRetry;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await post();
                return;
            }
            catch (Exception failure)
            {
                using IDisposable? scope = _logger.BeginScope(_run.ScopeWith(null));
                LogNotTaken(failure, wait.TotalSeconds);
            }

            await Task.Delay(wait, _time, _closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestRetry ? wait * 2 : LongestRetry;
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "The stream could not take what its worker told; it is told again in {Wait} s")]
    private partial void LogNotTaken(Exception failure, double wait);
}

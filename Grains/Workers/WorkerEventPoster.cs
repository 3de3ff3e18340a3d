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
    private readonly Action _superseded;
    private readonly WorkerRun _run;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _closing;
    private readonly Task _posting;
    private int _steadyTold;
    private int _stallTold;

    /// <param name="stream">The stream.</param>
    /// <param name="run">The run.</param>
    /// <param name="superseded">Called when the stream answers that the run is not its present one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The host's log.</param>
    /// <param name="closing">Cancelled when the silo ends.</param>
    public WorkerEventPoster(IWorkerEvents stream, WorkerRun run, Action superseded, TimeProvider time, ILogger logger, CancellationToken closing)
    {
        _superseded = superseded;
        _stream = stream;
        _run = run;
        _time = time;
        _logger = logger;
        _closing = closing;
        _posting = Task.Run(PostAll, CancellationToken.None);
    }

    public void Started(WorkerProcessInfo process) => Post(() => _stream.Started(_run.Generation, process));

    public void Progressed() => Post(() => _stream.Progressed(_run.Generation));

    /// <summary>Asks whether the run is still the stream's.</summary>
    public void Confirm() => Post(() => _stream.Owns(_run.Generation));

    /// <summary>Told once, however often it is called.</summary>
    public void Steady()
    {
        if (Interlocked.Exchange(ref _steadyTold, 1) == 0)
        {
            Post(() => _stream.Steady(_run.Generation));
        }
    }

    /// <summary>Told once, however often it is called.</summary>
    public void Stalled(string reason)
    {
        if (Interlocked.Exchange(ref _stallTold, 1) == 0)
        {
            Post(() => _stream.Stalled(_run.Generation, reason));
        }
    }

    /// <summary>It has taken the output over from its own path.</summary>
    /// <param name="output">What publishes the output since.</param>
    /// <param name="missing">For how long nobody published it before; null when somebody did.</param>
    /// <param name="adopted">Called when the stream has taken it for its present run.</param>
    public void SteppedIn(LiveSource output, TimeSpan? missing, Action adopted)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Post(async () =>
        {
            bool isPresent = await _stream.SteppedIn(_run.Generation, output);
            if (isPresent)
            {
                adopted();
            }

            if (isPresent && missing is { } took)
            {
                _stream.Missed(_run.Generation, took, now).Ignore(); // For the record alone; an older silo does not know the call.
            }

            return isPresent;
        });
    }

    /// <summary>The last event; returns when the stream has taken it, or the silo ends.</summary>
    public Task Exited(WorkerExit exit)
    {
        _events.Writer.TryWrite(() => _stream.Exited(_run.Generation, exit));
        _events.Writer.TryComplete();
        return _posting;
    }

    private void Post(Func<Task<bool>> report) => _events.Writer.TryWrite(async () =>
    {
        if (!await report())
        {
            _superseded();
        }
    });

    /// <summary>Ends it without a report, for a run that never came to be.</summary>
    public void Discard() => _events.Writer.TryComplete();

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

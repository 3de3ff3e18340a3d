using Microsoft.Extensions.Logging;
using Streams.Grains.Continuity;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers.Aside;

/// <summary>
/// The eyes and the hand of one run that publishes to a path of its own, a standby or one that proves itself: looks at the output at the media server, and puts the run on the air when nobody publishes there any more, or the stream
/// says so. It asks no grain, which may have been on the silo that is gone. Once on the air, it leaves it to whoever publishes after.
/// </summary>
internal sealed partial class AsideWatch(IAsideWorker worker, string destination, MediaMtxClient media, SidePaths sides, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>A look that takes longer is repeated beside it: with <c>authMethod: http</c> MediaMTX asks a silo about it, which may be the one that is gone.</summary>
    private static readonly TimeSpan SlowLook = TimeSpan.FromMilliseconds(250);

    /// <summary>While it waits for the media server to connect to itself.</summary>
    private static readonly TimeSpan TakeoverPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>How long it tries to get on the air.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Looks between two reports of how much the run's own path and its input have received.</summary>
    private const int LooksBetweenReports = 4;

    private readonly StreamPath _input = new(worker.Run.StreamId, PathRole.Input);
    private readonly StreamPath _output = new(worker.Run.StreamId, PathRole.Output);
    private readonly StepInJudge _judge = new();
    private long _publishedAt = time.GetTimestamp();
    private readonly TaskCompletionSource _ordered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerRun Run => worker.Run;

    /// <summary>The run's own path.</summary>
    public SidePath Path { get; } = new(worker.Run.StreamId, worker.Run.Generation);

    /// <summary>Whether it has begun to take the output over; from then on it is no spare any more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether its stream knows that it is the present run, and judges its key from then on.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>Called once, with what publishes the output since, and for how long nobody did before; null when somebody did.</summary>
    public required Action<LiveSource, TimeSpan?> SteppedIn { get; init; }

    /// <summary>Called when it cannot get on the air, with the reason.</summary>
    public required Action<string> Failed { get; init; }

    /// <summary>The stream needs it now, whatever the media server shows.</summary>
    public void StepIn() => _ordered.TrySetResult();

    /// <summary>Watches until the run is over or told to end. Never throws.</summary>
    /// <param name="over">Done when the run is over.</param>
    /// <param name="closing">Cancelled when the silo ends.</param>
    public async Task Watch(Task over, CancellationToken closing)
    {
        Task end = Task.WhenAny(over, worker.StopRequested);
        using IDisposable? scope = logger.BeginScope(Run.ScopeWith(worker.Pid));
        try
        {
            await WaitForNeed(end, closing);
            bool missing = _judge.IsDoubtful;
            if (!end.IsCompleted && await TakeOver(end, closing) is { } source)
            {
                SteppedIn(source, missing ? time.GetElapsedTime(_publishedAt) : null);
                await WaitForSuccessor(source.Id, end, closing);
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The silo ends, and the run with it.
        }
        catch (Exception unexpected)
        {
            LogFailed(unexpected);
            Failed($"It could not watch the output: {unexpected.Message}");
        }
    }

    private async Task WaitForNeed(Task end, CancellationToken closing)
    {
        for (int look = 0; !end.IsCompleted && !(_ordered.Task.IsCompleted && worker.HasArrived); look++)
        {
            PathLookup output = await Look(_output, closing);
            _publishedAt = output.View is null ? _publishedAt : time.GetTimestamp();
            _judge.Record(output);
            if (worker.HasArrived && _judge.IsMissing)
            {
                if (await CanStepIn(closing))
                {
                    LogMissing();
                    return;
                }

                _judge.Forget();
            }

            if (!worker.HasArrived || look % LooksBetweenReports == 0)
            {
                await Report(closing);
            }

            await Wait(_judge.IsDoubtful ? ConfirmPeriod : Period, end, closing);
        }
    }

    /// <summary>Whether the input has the same source as ever, and the run publishes: if not, the stream is about to end.</summary>
    private async Task<bool> CanStepIn(CancellationToken closing)
    {
        PathLookup input = await Look(_input, closing);
        return input.View is not null && !HasEnded(input) && (await media.FindPath(Path, closing)).View is not null;
    }

    /// <summary>What the media server shows of a path, as soon as one of two questions is answered.</summary>
    private async Task<PathLookup> Look(StreamPath path, CancellationToken closing)
    {
        Task<PathLookup> first = media.FindPath(path, closing);
        await Task.WhenAny(first, Task.Delay(SlowLook, time, closing));
        return first.IsCompleted ? await first : await await Task.WhenAny(first, media.FindPath(path, closing));
    }

    /// <summary>Whether the input is known to have another source than the run works for, or none.</summary>
    private bool HasEnded(PathLookup input) => input.IsKnown && input.View?.Source.IsSameAs(Run.Source) != true;

    /// <summary>What the stream reports to the present run, this run is told from here: its output is nowhere that the stream looks.</summary>
    private async Task Report(CancellationToken closing)
    {
        PathLookup own = await media.FindPath(Path, closing);
        if (own.IsKnown)
        {
            worker.RecordOutput(own.View?.Source.Id, own.View?.InboundBytes ?? 0);
        }

        if ((await media.FindPath(_input, closing)).View is { } input && input.Source.IsSameAs(Run.Source))
        {
            worker.RecordInput(input.InboundBytes);
        }
    }

    /// <summary>Has the output published from the run's path. Null when it could not be, or is not to be any more.</summary>
    private async Task<LiveSource?> TakeOver(Task end, CancellationToken closing)
    {
        HasBegun = true;
        long begunAt = time.GetTimestamp();
        foreach (long older in Run.Fences)
        {
            await sides.Remove(new SidePath(Run.StreamId, older), closing);
        }

        bool isForwarded = false;
        string problem = "the media server shows no source of the output.";
        while (!end.IsCompleted && time.GetElapsedTime(begunAt) < Limit)
        {
            try
            {
                if (!isForwarded && HasEnded(await media.FindPath(_input, closing)))
                {
                    problem = "its input has ended.";
                    await Wait(Period, end, closing);
                    continue; // The former may have ended for that, and the stream is about to hear it.
                }

                if (!isForwarded && !await sides.Forward(Path, destination, closing))
                {
                    Failed("It could not take the output over: its path was removed at the media server.");
                    return null;
                }

                isForwarded = true;
            }
            catch (MediaMtxException refused)
            {
                problem = refused.Message;
            }

            if (isForwarded && (await media.FindPath(_output, closing)).View is { } live && live.Source.Id != _judge.Former)
            {
                LogSteppedIn((long)time.GetElapsedTime(begunAt).TotalMilliseconds);
                return live.Source;
            }

            await Wait(TakeoverPeriod, end, closing);
        }

        if (!end.IsCompleted)
        {
            Failed($"It could not take the output over within {Limit.TotalSeconds:0} s: {problem}");
        }

        return null;
    }

    /// <summary>Whoever publishes the output after it is a later run. The media server would bring this one back when that one pauses: it is told not to.</summary>
    private async Task WaitForSuccessor(string own, Task end, CancellationToken closing)
    {
        while (!end.IsCompleted)
        {
            if ((await media.FindPath(_output, closing)).View is { } live && live.Source.Id != own)
            {
                try
                {
                    await sides.Withdraw(Path, closing);
                    LogOvertaken();
                    Failed("Another publisher has taken the output over."); // What the end of its connection is to any other worker.
                    return;
                }
                catch (MediaMtxException)
                {
                    // Tried again.
                }
            }

            await Wait(Period, end, closing);
        }
    }

    /// <summary>Returns early when the run ends, or the stream needs it.</summary>
    private async Task Wait(TimeSpan period, Task end, CancellationToken closing) =>
        await (_ordered.Task.IsCompleted ? Task.WhenAny(end, Task.Delay(period, time, closing)) : Task.WhenAny(end, _ordered.Task, Task.Delay(period, time, closing)));

    [LoggerMessage(2501, LogLevel.Warning, "Nobody publishes the output any more, and its input is live: this run steps in from its own path")]
    private partial void LogMissing();

    [LoggerMessage(2502, LogLevel.Information, "The run has taken the output over from its own path in {Milliseconds} ms")]
    private partial void LogSteppedIn(long milliseconds);

    [LoggerMessage(2503, LogLevel.Information, "Another run publishes the output now")]
    private partial void LogOvertaken();

    [LoggerMessage(2504, LogLevel.Error, "The run cannot watch the output")]
    private partial void LogFailed(Exception failure);
}

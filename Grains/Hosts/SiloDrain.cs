using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>
/// Drains this silo before it ends: nothing new is placed here, and each stream gets its next run on another silo; the former one ends when the
/// output of that arrives. Others that are full may get room until the time for the drain is over. A silo that is alone ends as it is.
/// </summary>
internal sealed partial class SiloDrain(
    IWorkerHost workers,
    WorkerHosts hosts,
    DrainState state,
    IGrainFactory grains,
    IHostApplicationLifetime lifetime,
    IOptions<PlaceOptions> options,
    TimeProvider time,
    ILogger<SiloDrain> logger) : IHostedLifecycleService, ISiloDrain
{
    /// <summary>How many streams move at the same time: each start takes processor time that running workers need.</summary>
    private const int MostAtOnce = 4;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a stream, or another silo, has to answer.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Without any answer for so long, the store is away or the cluster is: no stream can move.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(5);

    /// <summary>Without any other silo that takes workers for so long, as when all end at once. One that has just joined is known after a second or two.</summary>
    private static readonly TimeSpan AloneLimit = TimeSpan.FromSeconds(3);

    /// <summary>A stream that has not moved after this is asked again: its next run did not come up.</summary>
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(12);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _draining;

    public Task Over => _over.Task;

    /// <summary>Drains the silo, and ends it then. Returns at once.</summary>
    public void Begin() => DrainThenEnd().Ignore();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the worker host ends its workers. Never fails: a host that must end at once does not wait.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            await DrainOnce().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _over.TrySetResult();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DrainThenEnd()
    {
        try
        {
            await DrainOnce();
        }
        finally
        {
            lifetime.StopApplication(); // One that takes no work and does not end would be worse than one that ends.
        }
    }

    private Task DrainOnce()
    {
        lock (_lock)
        {
            return _draining ??= Task.Run(Drain);
        }
    }

    private async Task Drain()
    {
        TimeSpan limit = options.Value.DrainTimeout;
        if (!hosts.AreSeveral || limit == TimeSpan.Zero)
        {
            return;
        }

        long begun = time.GetTimestamp();
        state.Begin(time.GetUtcNow() + limit);
        hosts.RecordDraining(hosts.Local);
        int all = workers.ListRuns().Count;
        LogBegun(all, limit.TotalSeconds);
        await Announce();
        Dictionary<(StreamId StreamId, long Generation), long> moving = [];
        long answered = time.GetTimestamp();
        long othersAt = answered;
        while (workers.ListRuns() is { Count: > 0 } runs)
        {
            if (time.GetElapsedTime(begun) > limit)
            {
                LogNotMoved(runs.Count, "the time for it is over");
                return;
            }

            foreach (var gone in moving.Where(move => !runs.Contains(move.Key) || time.GetElapsedTime(move.Value) > MoveLimit).ToArray())
            {
                moving.Remove(gone.Key);
            }

            (StreamId StreamId, long Generation)[] next = [.. runs.Where(run => !moving.ContainsKey(run)).Take(MostAtOnce - moving.Count)];
            HashSet<(StreamId, long)> waiting = [.. workers.ListWaiting()];
            MoveAnswer?[] answers = await Task.WhenAll(next.Select(run => Move(run, waiting.Contains(run))));
            foreach (int i in Enumerable.Range(0, next.Length).Where(i => answers[i] == MoveAnswer.Moving))
            {
                moving[next[i]] = time.GetTimestamp();
            }

            answered = moving.Count > 0 || answers.Any(static answer => answer is not null) ? time.GetTimestamp() : answered;
            if (time.GetElapsedTime(answered) > SilenceLimit)
            {
                LogNotMoved(runs.Count, "their streams cannot be asked");
                return;
            }

            othersAt = hosts.HasOtherForWorkers ? time.GetTimestamp() : othersAt;
            if (time.GetElapsedTime(othersAt) > AloneLimit)
            {
                LogNotMoved(runs.Count, "no other silo takes workers");
                return;
            }

            await Task.Delay(Period, time);
        }

        LogMoved(all, time.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>Tells the other silos before anything moves, so that they place nothing here any more.</summary>
    private async Task Announce()
    {
        ImmutableArray<IWorkerHostService> others = hosts.ReachOthers();
        Task told = Task.WhenAll(others.Select(other => other.RecordDraining(hosts.Local)));
        told.Ignore(); // One that does not answer learns it by the next report.
        await told.WaitAsync(AnswerLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The stream's answer; null when it could not be asked.</summary>
    private async Task<MoveAnswer?> Move((StreamId StreamId, long Generation) run, bool waits)
    {
        try
        {
            return await grains.GetGrain<IWorkerEvents>(run.StreamId.Value).Move(run.Generation, waits).WaitAsync(AnswerLimit, time);
        }
        catch (Exception failure)
        {
            LogNotAsked(failure, run.StreamId);
            return null;
        }
    }

    [LoggerMessage(2411, LogLevel.Information, "This silo is drained: its {Workers} workers move to other silos within {Seconds} s, and nothing new is placed here")]
    private partial void LogBegun(int workers, double seconds);

    [LoggerMessage(2412, LogLevel.Information, "This silo is drained: its {Workers} workers have moved within {Seconds:0.0} s")]
    private partial void LogMoved(int workers, double seconds);

    [LoggerMessage(2413, LogLevel.Warning, "{Workers} workers were not moved: {Reason}. They end with this silo, and start on another when it has one")]
    private partial void LogNotMoved(int workers, string reason);

    [LoggerMessage(2414, LogLevel.Warning, "Stream {StreamId} could not be asked to move; it is asked again")]
    private partial void LogNotAsked(Exception failure, StreamId streamId);
}

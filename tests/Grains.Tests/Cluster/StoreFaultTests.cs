using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>A store that is away, loses its answers, or has a damaged row: nothing is acknowledged that is not saved, and no worker ends or doubles.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private readonly MemoryStreamStore _store = new();
    private readonly StreamId _id = StreamId.Parse(TestStream.NewId("store"));
    private InProcessTestCluster? _cluster;

    private IStreamGrain Stream => _cluster!.Client.GetGrain<IStreamGrain>(_id.Value);

    public async ValueTask InitializeAsync() => _cluster = await StreamsCluster.Deploy(host => host.Services.AddSingleton<IStreamStore>(_store));

    public async ValueTask DisposeAsync() => await _cluster!.DisposeAsync();

    [Fact]
    public async Task While_the_store_is_away_nothing_is_acknowledged_and_the_worker_runs_on()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        int pid = (await Running()).WorkerPid!.Value;
        _store.Outage = "PostgreSQL is away.";

        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Stream.Command(StreamCommand.Stop, CallOrigin.Unknown));
        Assert.Equal("PostgreSQL is away.", refused.Message);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Stream.Receive(Event(SourceEventKind.NotReady)));
        Assert.True(Processes.IsAlive(pid));
        Assert.Equal(pid, (await Stream.GetStatus())!.WorkerPid); // The last that is known can still be looked at.

        _store.Outage = null;
        StreamStatus after = (await Stream.GetStatus())!;
        Assert.Equal((StreamPhase.Running, false, pid), (after.Phase, after.IsHeld, after.WorkerPid));
        Assert.True((await Stream.Command(StreamCommand.Stop, CallOrigin.Unknown)).Status!.IsHeld);
    }

    [Fact]
    public async Task An_order_is_answered_when_its_history_entry_is_saved_or_does_not_come_to_be()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        await Running();
        _store.HistoryTakes = TimeSpan.FromSeconds(0.2);
        await Stream.Command(StreamCommand.Stop, CallOrigin.Unknown);
        Assert.Contains(await _store.ReadHistory(_id, TestContext.Current.CancellationToken), static row => row.Json.Contains("\"Stop\"", StringComparison.Ordinal));

        _store.HistoryTakes = Timeout.InfiniteTimeSpan;
        Assert.False((await Stream.Command(StreamCommand.Resume, CallOrigin.Unknown)).Status!.IsHeld);
        _store.HistoryTakes = TimeSpan.Zero;
    }

    [Fact]
    public async Task A_worker_that_ends_while_the_store_is_away_is_not_shown_as_running_and_replaced_once_it_is_back()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        int pid = (await Running()).WorkerPid!.Value;
        _store.Outage = "PostgreSQL is away.";
        Processes.Signal(pid, Processes.KillSignal);
        StreamStatus ended = await Until(static status => status is { WorkerPid: null, LastReason: not null }, "without its worker");
        Assert.Null(ended.Progress);
        Assert.Contains("cannot be saved while the store is away", ended.LastReason, StringComparison.Ordinal);
        _store.Outage = null;
        Assert.Equal(2, (await Until(static status => status is { Phase: StreamPhase.Running, WorkerPid: not null, Generation: 2 }, "running again")).Generation);
    }

    [Fact]
    public async Task A_save_whose_answer_was_lost_is_read_again_and_what_it_said_is_done()
    {
        _store.LosesNextAnswer = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Stream.Receive(Event(SourceEventKind.Ready)));
        await Eventually.Get(
            async () =>
            {
                await _cluster!.Client.GetGrain<IObservedStream>(_id.Value).Observe(
                    new StreamObservation(TimeProvider.System.GetUtcNow(), new PathView { Source = new LiveSource("rtmpConn", Source, "", TimeProvider.System.GetUtcNow()) }, null));
                return await Stream.GetStatus();
            },
            static status => status is { Phase: StreamPhase.Running, WorkerPid: not null },
            "running after the state was read again");
    }

    [Fact]
    public async Task A_stop_whose_answer_was_lost_ends_the_worker_all_the_same()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        await Running();
        _store.LosesNextAnswer = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Stream.Command(StreamCommand.Stop, CallOrigin.Unknown));
        await Eventually.Get(
            async () =>
            {
                await _cluster!.Client.GetGrain<IObservedStream>(_id.Value).Observe(
                    new StreamObservation(TimeProvider.System.GetUtcNow(), new PathView { Source = new LiveSource("rtmpConn", Source, "", TimeProvider.System.GetUtcNow()) }, null));
                return await Stream.GetStatus();
            },
            static status => status is { Phase: StreamPhase.Offline, IsHeld: true, WorkerPid: null },
            "stopped after the state was read again");
    }

    [Fact]
    public async Task A_damaged_row_is_its_streams_problem_and_can_be_dropped()
    {
        await Stream.Receive(Event(SourceEventKind.Ready) with { Path = new StreamPath(_id, PathRole.Output) });
        await Stream.Receive(Event(SourceEventKind.NotReady) with { Path = new StreamPath(_id, PathRole.Output) });
        _store.Set(_id, static row => row with { Json = row.Json.Replace("Offline", "Running", StringComparison.Ordinal) + " " });
        await _cluster!.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        StreamDamagedException damaged = await Eventually.Get<StreamDamagedException?>(Ask, static problem => problem is not null, "the damage to be told") ?? throw new InvalidOperationException();
        Assert.Contains($"DELETE /v1/streams/{_id}", damaged.Message, StringComparison.Ordinal);
        Assert.NotNull(await _cluster.Client.GetGrain<IStreamGrain>(_id.Value + "-other").Receive(Event(SourceEventKind.Ready) with { Path = new StreamPath(StreamId.Parse(_id.Value + "-other"), PathRole.Output) }));

        Assert.Null((await Stream.Drop()).Refusal);
        await Stream.Receive(Event(SourceEventKind.Ready));
        Assert.Equal(1, (await Running()).Generation);

        async Task<StreamDamagedException?> Ask()
        {
            try
            {
                await Stream.GetStatus();
                return null;
            }
            catch (StreamDamagedException problem)
            {
                return problem;
            }
        }
    }

    [Fact]
    public async Task A_stream_that_was_forgotten_while_its_grain_lived_begins_anew()
    {
        await Stream.Receive(Event(SourceEventKind.Ready) with { Path = new StreamPath(_id, PathRole.Output) });
        _store.Set(_id, static _ => null);
        EventReceipt receipt = await Stream.Receive(Event(SourceEventKind.Ready));
        Assert.Equal((EventOutcome.Applied, 1), (receipt.Outcome, receipt.Generation));
        await Running();
    }

    [Fact]
    public async Task A_live_stream_whose_row_is_gone_keeps_no_worker_when_it_is_stopped_and_gets_a_later_run_when_it_is_not()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        int first = (await Running()).WorkerPid!.Value;
        _store.Set(_id, static _ => null);
        Assert.True((await Stream.Command(StreamCommand.Stop, CallOrigin.Unknown)).Status!.IsHeld);
        await Eventually.True(() => !Processes.IsAlive(first), "the worker of the lost row ended");
        await Stream.Command(StreamCommand.Resume, CallOrigin.Unknown);
        await Stream.Receive(Event(SourceEventKind.Ready));
        Assert.True((await Running()).Generation > 1);
    }

    [Fact]
    public async Task A_live_stream_whose_row_is_older_than_its_run_adopts_the_run()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        await Running();
        StreamRow before = (await _store.Read(_id))!;
        Processes.Signal((await Running()).WorkerPid!.Value, Processes.KillSignal);
        int second = (await Until(static status => status is { Phase: StreamPhase.Running, Generation: 2, WorkerPid: not null }, "running again")).WorkerPid!.Value;
        _store.Set(_id, row => before);
        await Assert.ThrowsAnyAsync<Exception>(() => Stream.Command(StreamCommand.Stop, CallOrigin.Unknown));
        StreamStatus adopted = await Until(static status => status is { Phase: StreamPhase.Running, WorkerPid: not null }, "the run adopted");
        Assert.Equal((2, second), (adopted.Generation, adopted.WorkerPid!.Value));
        await Stream.Command(StreamCommand.Stop, CallOrigin.Unknown);
        await Until(static status => status.Phase == StreamPhase.Offline, "stopped");
        Assert.False(Processes.IsAlive(second));
    }

    [Fact]
    public async Task A_damaged_row_of_a_live_stream_that_is_dropped_ends_the_old_run_and_starts_a_later_one()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        int first = (await Running()).WorkerPid!.Value;
        _store.Set(_id, static row => row with { Json = "x", Version = row.Version + 7 });
        await Assert.ThrowsAnyAsync<Exception>(() => Stream.Command(StreamCommand.Stop, CallOrigin.Unknown));
        await Eventually.Get<StreamDamagedException?>(async () => (await Record.ExceptionAsync(() => Stream.GetStatus())) as StreamDamagedException, static problem => problem is not null, "the damage told");
        Assert.Null((await Stream.Drop()).Refusal);
        await Stream.Receive(Event(SourceEventKind.Ready));
        StreamStatus next = await Running();
        Assert.True(next.Generation > 1);
        Assert.NotEqual(first, next.WorkerPid);
        await Eventually.True(() => !Processes.IsAlive(first), "the old run ended");
    }

    [Fact]
    public async Task A_save_that_another_activation_was_quicker_with_is_refused_and_starts_no_worker()
    {
        await Stream.Receive(Event(SourceEventKind.Ready) with { Path = new StreamPath(_id, PathRole.Output) });
        _store.Set(_id, static row => StreamRows.Of(row.StreamId, row.Version + 1, StreamRows.Read(row)));
        await Assert.ThrowsAnyAsync<Exception>(() => Stream.Receive(Event(SourceEventKind.Ready)));
        Assert.Empty(Processes.WithVariable("STREAMS_RUN", value => value.Contains($"/{_id}/", StringComparison.Ordinal)));
        await Stream.Receive(Event(SourceEventKind.Ready)); // The next activation knows the newer version.
        await Running();
    }

    [Fact]
    public async Task A_stream_that_is_live_is_not_dropped_and_one_that_is_offline_is()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        await Running();
        Assert.Contains("offline", (await Stream.Drop()).Refusal, StringComparison.Ordinal);
        await Stream.Receive(Event(SourceEventKind.NotReady));
        await Until(static status => status.Phase == StreamPhase.Offline, "offline");
        Assert.Null((await Stream.Drop()).Refusal);
        Assert.Null(await Stream.GetStatus());
        Assert.Null(await _store.Read(_id));
    }

    private string Source => _id.Value + "a";

    private Task<StreamStatus> Running() => Until(static status => status is { Phase: StreamPhase.Running, WorkerPid: not null }, "running");

    private Task<StreamStatus> Until(Func<StreamStatus, bool> accept, string what) =>
        Eventually.Get(async () => (await Stream.GetStatus())!, accept, $"stream {_id} {what}");

    private SourceEvent Event(SourceEventKind kind) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(_id, PathRole.Input),
        Source = new MediaSource("rtmpConn", Source),
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };
}

using Orleans.Runtime;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>The grain and the worker host together, with real processes.</summary>
public sealed class StreamGrainTests(StreamsCluster cluster)
{
    private readonly StreamId _id = StreamId.Parse("g-" + Guid.NewGuid().ToString("N"));
    private IStreamGrain Stream => cluster.Grains.GetGrain<IStreamGrain>(_id.Value);

    [Fact]
    public async Task A_stream_that_never_existed_has_no_status() => Assert.Null(await Stream.GetStatus());

    [Fact]
    public async Task A_ready_starts_a_process_that_counts_frames_and_a_not_ready_ends_it()
    {
        EventReceipt receipt = await Stream.Receive(Ready("a"));
        Assert.Equal(new EventReceipt(_id, EventOutcome.Applied, StreamPhase.Starting, 1), receipt);

        StreamStatus running = await Until(status => status is { Phase: StreamPhase.Running, Progress.Frames: > 5, WorkerPid: not null }, "running with frames");
        int pid = running.WorkerPid!.Value;
        Assert.Equal([pid], LeadersOf(1));

        await Stream.Receive(NotReady("a"));
        StreamStatus offline = await Until(static status => status.Phase == StreamPhase.Offline, "offline");
        Assert.False(Processes.IsAlive(pid));
        Assert.Null(offline.WorkerPid);
        Assert.Empty(ProcessesOf(1));
    }

    [Fact]
    public async Task A_killed_worker_is_replaced_by_the_next_generation_and_says_why()
    {
        await Stream.Receive(Ready("a"));
        StreamStatus first = await Until(static status => status.Phase == StreamPhase.Running, "running");
        Kill(first.WorkerPid!.Value);
        StreamStatus second = await Until(static status => status is { WorkerPid: not null, Generation: 2 }, "started again");
        Assert.NotEqual(first.WorkerPid, second.WorkerPid);
        Assert.Contains("killed by signal 9", second.LastReason, StringComparison.Ordinal);
        Assert.Equal(1, second.Retries);
        await End();
    }

    [Fact]
    public async Task A_worker_that_fails_again_and_again_ends_failed_with_its_last_words()
    {
        await StartAs("fail");
        StreamStatus failed = await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.Equal(4, failed.Generation);
        Assert.Contains("exit code 3", failed.LastReason, StringComparison.Ordinal);
        Assert.Contains("fake-worker: told to fail with 3", failed.LogTail);
        await End();
    }

    /// <summary>MediaMTX ends the former's connection when the next one publishes: often it has failed by that before it is told to end.</summary>
    [Fact]
    public async Task The_former_run_of_a_planned_change_stands_among_the_runs_however_it_ended_and_once()
    {
        await StartAs("stubborn-output");
        await Until(static status => status is { WorkerPid: not null, Profile: "stubborn-output" }, "started");
        long former = (await Eventually.Get(() => ShowOutput("out-1"), static status => status.Phase == StreamPhase.Running, "running")).Generation;
        await Stream.Command(StreamCommand.Restart, CallOrigin.Unknown);
        await Until(static status => status.Change?.WorkerPid is not null, "the next run");
        await Eventually.Get(() => ShowOutput("out-2"), status => status.Generation == former + 1, "taken over");
        WorkerExit ended = new(WorkerExitKind.Failed, "Broken pipe", 1, null, []);
        await cluster.Grains.GetGrain<IWorkerEvents>(_id.Value).Exited(former, ended);
        await Eventually.True(() => !LeadersOf(former).Any(), "the former ended");
        await End();
        await Eventually.Get(async () => (await cluster.HistoryOf(_id))!.Runs, runs => runs.Any(run => run.Generation == former + 1), "the end of the second");
        Assert.Equal("Failed", Assert.Single((await cluster.HistoryOf(_id))!.Runs, run => run.Generation == former).Exit);
    }

    [Fact]
    public async Task A_worker_that_ignores_the_polite_signal_is_killed_after_its_grace()
    {
        await StartAs("stubborn");
        StreamStatus running = await Until(static status => status.Phase == StreamPhase.Running, "running");
        await Stream.Receive(NotReady("a"));
        StreamStatus offline = await Until(static status => status.Phase == StreamPhase.Offline, "offline");
        Assert.False(Processes.IsAlive(running.WorkerPid!.Value));
        Assert.Contains("did not end within 0.5 s", offline.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_worker_started_ends_with_it()
    {
        await StartAs("parent");
        await Until(static status => status.Phase == StreamPhase.Running, "running");
        Assert.True(ProcessesOf(1).Count >= 2);
        await Stream.Receive(NotReady("a"));
        await Until(static status => status.Phase == StreamPhase.Offline, "offline");
        Assert.Empty(ProcessesOf(1));
    }

    [Fact]
    public async Task A_program_that_is_missing_fails_at_once_and_says_what_to_do()
    {
        await StartAs("missing");
        StreamStatus failed = await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.Equal(1, failed.Generation);
        Assert.Contains("not on this machine's PATH", failed.LastReason, StringComparison.Ordinal);
        await End();
    }

    /// <summary>ffmpeg exits with 1, or with the low byte of its error: no death by a signal, though .NET tells that one alike.</summary>
    [Theory]
    [InlineData("refused")]
    [InlineData("refused-255")]
    public async Task A_worker_that_MediaMTX_refuses_says_so_and_what_to_check(string profile)
    {
        await StartAs(profile);
        StreamStatus failed = await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.Contains("refused by MediaMTX", failed.LastReason, StringComparison.Ordinal);
        Assert.Contains("Streams:Media:WorkerUser", failed.LastReason, StringComparison.Ordinal);
        Assert.Equal(4, failed.Generation);
        Assert.All((await cluster.HistoryOf(_id))!.Runs, static run => Assert.Equal("Refused", run.Exit));
        await End();
    }

    [Fact]
    public async Task An_exit_code_above_128_of_the_program_itself_is_no_signal()
    {
        await StartAs("fail-145");
        await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.All((await cluster.HistoryOf(_id))!.Runs, static run => Assert.Equal(("Failed", 145, null), (run.Exit, run.ExitCode, run.Signal)));
        await End();
    }

    [Fact]
    public async Task What_it_writes_explains_and_does_not_decide_whether_it_is_tried_again()
    {
        await StartAs("hevc");
        StreamStatus failed = await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.Equal(4, failed.Generation);
        Assert.Equal(WorkerFault.Writing, failed.LastFault);
        await End();
    }

    [Fact]
    public async Task A_stream_that_has_ended_shows_nothing_of_its_worker_and_its_paths_any_more()
    {
        SourceEvent ready = Ready("a");
        await Stream.Receive(ready);
        await Until(static status => status.Progress is not null, "progress");
        LiveSource source = new(ready.Source.Type, ready.Source.Id, "", ready.OccurredAt);
        PathView seen = new() { Source = source, InboundBytes = 1000, InboundBps = 1000, Readers = 3 };
        await cluster.Grains.GetGrain<IObservedStream>(_id.Value).Observe(new StreamObservation(TimeProvider.System.GetUtcNow(), seen, null));
        Assert.Equal(3, (await Stream.GetStatus())!.InputPath!.Readers);

        await End();
        StreamStatus ended = (await Stream.GetStatus())!;
        Assert.Equal((null, null, null, null), (ended.InputPath, ended.OutputPath, ended.Progress, ended.InputIdleSince));
    }

    /// <summary>Whoever asks for ids that never existed must not fill the memory with them.</summary>
    [Fact]
    public async Task A_stream_that_never_existed_is_not_kept_for_who_asks_for_its_history()
    {
        Assert.Null(await cluster.HistoryOf(_id));
        IManagementGrain management = cluster.Grains.GetGrain<IManagementGrain>(0);
        Task<SiloAddress?> Address() => management.GetActivationAddress((IAddressable)Stream).AsTask();
        await Eventually.Get<SiloAddress?>(Address, static address => address is null, "no activation");
    }

    [Fact]
    public async Task A_flooding_worker_goes_on_and_only_its_last_lines_are_kept()
    {
        await StartAs("flood");
        StreamStatus running = await Until(static status => status is { Phase: StreamPhase.Running, Progress.Frames: > 20 }, "running with frames");
        Assert.Equal(40, running.LogTail.Length);
        await Stream.Receive(NotReady("a"));
        await Until(static status => status.Phase == StreamPhase.Offline, "offline");
        Assert.Empty(ProcessesOf(1));
    }

    [Fact]
    public async Task A_takeover_ends_the_old_worker_and_starts_one_for_the_new_source()
    {
        await Stream.Receive(Ready("a"));
        StreamStatus first = await Until(static status => status.Phase == StreamPhase.Running, "running");
        await Stream.Receive(Ready("b"));
        await Stream.Receive(NotReady("a"));
        StreamStatus second = await Until(static status => status is { Phase: StreamPhase.Running, Generation: 2 }, "running for b");
        Assert.Equal(_id.Value + "b", second.Input?.Id);
        Assert.False(Processes.IsAlive(first.WorkerPid!.Value));
        await End("b");
    }

    [Fact]
    public async Task Arguments_are_filled_in_as_one_argument_each_and_hide_the_password()
    {
        await StartAs("echo", "lang=de&x=1");
        StreamStatus status = await Until(static status => status.LogTail.Length >= 4, "four arguments");
        Assert.Equal(
            [$"rtsp://worker:***@127.0.0.1:{StreamsCluster.MediaPort}/live/{_id}/in", $"rtmp://127.0.0.1:1935/live/{_id}/out?user=worker&pass=***", _id.Value, "--lang=de"],
            status.LogTail);
        await End();
    }

    [Fact]
    public async Task Only_the_key_of_the_present_run_is_taken_and_nothing_tells_it()
    {
        await StartAs("keyed");
        StreamStatus first = await Until(static status => status.WorkerPid is not null, "started");
        string firstKey = KeyOf(first.WorkerPid!.Value);
        Assert.True(await Stream.HoldsRunKey(firstKey, toPublish: true));
        Assert.False(await Stream.HoldsRunKey("worker", toPublish: true));
        Assert.False(await cluster.Grains.GetGrain<IStreamGrain>("never-" + _id).HoldsRunKey(firstKey, toPublish: true));

        Kill(first.WorkerPid.Value);
        StreamStatus second = await Until(static status => status is { WorkerPid: not null, Generation: 2 }, "started again");
        Assert.False(await Stream.HoldsRunKey(firstKey, toPublish: true));
        string secondKey = KeyOf(second.WorkerPid!.Value);
        Assert.True(await Stream.HoldsRunKey(secondKey, toPublish: true));
        await End();
        Assert.False(await Stream.HoldsRunKey(secondKey, toPublish: true));

        RunRecord run = (await cluster.HistoryOf(_id))!.Runs[0];
        Assert.Contains("user=worker&pass=***", run.Command, StringComparison.Ordinal);
        string told = $"{await Stream.GetStatus()} {await cluster.HistoryOf(_id)} {string.Join(' ', (await cluster.HistoryOf(_id))!.Runs)}";
        Assert.DoesNotContain(firstKey, told, StringComparison.Ordinal);
        Assert.DoesNotContain(secondKey, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "needs 'lang'")]
    [InlineData("lang=$(reboot)", "does not match")]
    [InlineData("lang=de%0a", "does not match")]
    public async Task A_query_that_the_profile_does_not_allow_fails_at_once(string query, string reason)
    {
        await StartAs("echo", query);
        StreamStatus failed = await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.Equal(1, failed.Generation);
        Assert.Contains(reason, failed.LastReason, StringComparison.Ordinal);
        await End();
    }

    [Fact]
    public async Task A_query_that_takes_too_long_to_check_fails_at_once_too()
    {
        await StartAs("slow", "lang=" + new string('a', 200));
        StreamStatus failed = await Until(static status => status.Phase == StreamPhase.Failed, "failed");
        Assert.Equal(1, failed.Generation);
        Assert.Contains("takes too long", failed.LastReason, StringComparison.Ordinal);
        await End();
    }

    [Fact]
    public async Task A_profile_chosen_before_the_first_publish_is_used_at_it()
    {
        Assert.Equal("fail", (await Stream.ChooseProfile("fail", CallOrigin.Unknown)).Status?.Profile);
        await Stream.Receive(Ready("a"));
        await Until(static status => status is { Profile: "fail", LastReason: not null }, "run by the profile");
        await End();
    }

    [Fact]
    public async Task An_unknown_profile_or_the_default_makes_no_stream_of_an_id_that_was_never_seen()
    {
        CommandReceipt unknown = await Stream.ChooseProfile("nonsense", CallOrigin.Unknown);
        Assert.Null(unknown.Status);
        Assert.Contains("there are: ", unknown.Refusal, StringComparison.Ordinal);
        Assert.Equal(new CommandReceipt(null), await Stream.ChooseProfile(null, CallOrigin.Unknown));
        Assert.Null(await Stream.GetStatus());
    }

    /// <summary>The worker's arguments are the only place where a key can be read.</summary>
    private static string KeyOf(int pid) => Processes.ArgumentsOf(pid)[^1].Split("pass=")[1];

    private static void Kill(int pid) => System.Diagnostics.Process.GetProcessById(pid).Kill();

    private async Task StartAs(string profile, string query = "")
    {
        await Stream.Receive(Event(SourceEventKind.Ready, "out", "") with { Path = new StreamPath(_id, PathRole.Output) }); // A known stream, without a worker.
        Assert.Null((await Stream.ChooseProfile(profile, CallOrigin.Unknown)).Refusal);
        await Stream.Receive(Ready("a", query));
    }

    private async Task End(string source = "a")
    {
        await Stream.Receive(NotReady(source));
        await Until(static status => status.Phase == StreamPhase.Offline, "offline");
    }

    private Task<StreamStatus> Until(Func<StreamStatus, bool> accept, string what) =>
        Eventually.Get(async () => (await Stream.GetStatus())!, accept, $"stream {_id} {what}");

    private IReadOnlyList<int> ProcessesOf(long generation) => Processes.WithVariable("STREAMS_RUN", value => value.EndsWith($"/{_id}/{generation}", StringComparison.Ordinal));

    private IEnumerable<int> LeadersOf(long generation) => ProcessesOf(generation).Where(static pid => Processes.GroupOf(pid) == pid);

    private SourceEvent Ready(string source, string query = "") => Event(SourceEventKind.Ready, source, query);

    private SourceEvent NotReady(string source) => Event(SourceEventKind.NotReady, source, "");

    private SourceEvent Event(SourceEventKind kind, string source, string query) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(_id, PathRole.Input),
        Source = new MediaSource("rtmpConn", _id.Value + source),
        Query = query,
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>MediaMTX shows that somebody publishes the output, and sends.</summary>
    private async Task<StreamStatus> ShowOutput(string source)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        PathView input = new() { Source = (await Stream.GetStatus())!.Input! };
        PathView output = new() { Source = new LiveSource("rtmpConn", source, "", now), InboundBytes = 1_000 };
        await cluster.Grains.GetGrain<IObservedStream>(_id.Value).Observe(new StreamObservation(now, input, output));
        return (await Stream.GetStatus())!;
    }
}

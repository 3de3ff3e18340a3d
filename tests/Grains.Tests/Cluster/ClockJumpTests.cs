using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>A silo whose wall clock is set by an hour; real workers, real signals.</summary>
public sealed class ClockJumpTests(ITestOutputHelper report)
{
    private static readonly MediaSource Input = new("rtmpConn", "in");

    private readonly SettableClock _clock = new(TimeProvider.System);
    private readonly StreamId _id = StreamId.Parse("j-" + Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_worker_that_is_frozen_before_the_clock_is_set_is_noticed_as_soon_as_ever(int hours)
    {
        await using InProcessTestCluster cluster = await Deploy("progress");
        IStreamGrain stream = cluster.Client.GetGrain<IStreamGrain>(_id.Value);
        await stream.Receive(Ready());
        long bytes = 0;
        StreamStatus running = await Eventually.Get(Look, static status => status.Phase == StreamPhase.Running, "running");
        Processes.Signal(running.WorkerPid!.Value, ChildProgram.Freeze);
        _clock.Set(TimeSpan.FromHours(hours));
        long frozen = Stopwatch.GetTimestamp();
        await Eventually.Get(Look, static status => status.Phase != StreamPhase.Running, "no longer running");
        TimeSpan noticed = Stopwatch.GetElapsedTime(frozen);
        report.WriteLine($"the clock set by {hours} h: noticed after {noticed.TotalSeconds:0.0} s (target <= 6 s)");
        Assert.InRange(noticed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9));
        await Eventually.True(() => !Processes.IsAlive(running.WorkerPid.Value), "the frozen worker ended");

        async Task<StreamStatus> Look()
        {
            bytes += 1000;
            await cluster.Client.GetGrain<IObservedStream>(_id.Value).Observe(new StreamObservation(_clock.GetUtcNow(), View(bytes), null));
            return (await stream.GetStatus())!;
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_retry_comes_after_its_delay_also_when_something_happens_after_the_clock_was_set(int hours)
    {
        await using InProcessTestCluster cluster = await Deploy("fail");
        IStreamGrain stream = cluster.Client.GetGrain<IStreamGrain>(_id.Value);
        await stream.Receive(Ready());
        await Eventually.Get(Look, static status => status.Phase == StreamPhase.Backoff, "backoff");
        long failed = Stopwatch.GetTimestamp();
        _clock.Set(TimeSpan.FromHours(hours));
        await stream.Receive(Ready() with { Path = new StreamPath(_id, PathRole.Output), Source = new MediaSource("rtmpConn", "out") });
        await Eventually.Get(Look, static status => status.Generation == 2, "the retry");
        TimeSpan waited = Stopwatch.GetElapsedTime(failed);
        report.WriteLine($"the clock set by {hours} h: tried again after {waited.TotalSeconds:0.0} s (delay 3 s)");
        Assert.InRange(waited, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));

        async Task<StreamStatus> Look() => (await stream.GetStatus())!;
    }

    private Task<InProcessTestCluster> Deploy(string profile) => StreamsCluster.Deploy(host =>
    {
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Streams:Workers:DefaultProfile"] = profile, ["Streams:Retry:Delays:0"] = "00:00:03" });
        host.Services.AddSingleton<TimeProvider>(_clock);
    });

    private static PathView View(long bytes) => new() { Source = new LiveSource(Input.Type, Input.Id, "", default), InboundBytes = bytes };

    private SourceEvent Ready() => new()
    {
        EventId = Guid.NewGuid(),
        Kind = SourceEventKind.Ready,
        Path = new StreamPath(_id, PathRole.Input),
        Source = Input,
        Query = "",
        OccurredAt = _clock.GetUtcNow(),
    };
}

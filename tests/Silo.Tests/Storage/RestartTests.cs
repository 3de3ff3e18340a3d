using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using Streams.Silo.Storage;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage;

/// <summary>What a stream remembers over a restart of its silo.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Id = "restart";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_operators_stop_and_the_history_outlive_the_silo()
    {
        await WithSilo(async stream =>
        {
            await stream.Receive(Ready("a"));
            await Running(stream);
            StreamStatus stopped = (await stream.Command(StreamCommand.Stop, CallOrigin.Unknown)).Status!;
            Assert.Equal(StreamOrder.Stop, stopped.Order);
            await Eventually.Get<StreamStatus?>(stream.GetStatus, static status => status?.Phase == StreamPhase.Offline, "offline");
        });
        await WithSilo(async (stream, index) =>
        {
            StreamStatus? remembered = await stream.GetStatus();
            Assert.Equal((StreamOrder.Stop, StreamPhase.Offline, 1L), (remembered!.Order, remembered.Phase, remembered.Generation));
            await stream.Receive(Ready("b"));
            Assert.Equal(StreamPhase.Offline, (await stream.GetStatus())!.Phase);
            StreamHistory history = (await index.GetHistory(StreamId.Parse(Id)))!;
            Assert.Contains(history.Entries, static entry => entry.What == nameof(StreamCommand.Stop));
            RunRecord run = Assert.Single(history.Runs);
            Assert.Equal("Stopped", run.Exit);
            Assert.Contains("fake-worker.sh progress", run.Command, StringComparison.Ordinal);
            Assert.True(run.Progress?.Frames > 0);
        });
    }

    [Fact]
    public async Task A_running_stream_gets_the_next_generation_after_the_restart()
    {
        await WithSilo(async stream =>
        {
            await stream.Receive(Ready("a"));
            await Running(stream);
        });
        await WithSilo(async stream =>
        {
            StreamStatus status = await Running(stream);
            Assert.Equal(2, status.Generation);
            Assert.Equal(0, status.Retries);
        });
    }

    private static async Task<StreamStatus> Running(IStreamGrain stream) => (await Eventually.Get<StreamStatus?>(
        stream.GetStatus, static status => status is { Phase: StreamPhase.Running, Progress.Frames: > 0 }, "running"))!;

    private static SourceEvent Ready(string source) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = SourceEventKind.Ready,
        Path = new StreamPath(StreamId.Parse(Id), PathRole.Input),
        Source = new MediaSource("rtmpConn", source),
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };

    private Task WithSilo(Func<IStreamGrain, Task> act) => WithSilo((stream, _) => act(stream));

    private Task WithSilo(Func<IStreamGrain, IStreamIndexGrain, Task> act) => StoringSilo.With(
        _folder.File("streams.db"), grains => act(grains.GetGrain<IStreamGrain>(Id), grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key)));
}

using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>Before a run starts, who may still publish its output for an older one is removed, at the media server that it publishes to.</summary>
public sealed class FormerOutputTests : IAsyncLifetime
{
    private readonly StreamId _id = StreamId.Parse("f-" + Guid.NewGuid().ToString("N"));
    private readonly ControlApi _a = new();
    private readonly ControlApi _b = new();
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await StreamsCluster.Deploy(host => host.Configuration.AddInMemoryCollection(
        new[] { ("a", _a), ("b", _b) }.SelectMany(static (node, index) => new Dictionary<string, string?>
        {
            [$"Streams:Media:Nodes:{index}:Name"] = node.Item1,
            [$"Streams:Media:Nodes:{index}:ApiUrl"] = $"http://127.0.0.1:{node.Item2.Port}",
            [$"Streams:Media:Nodes:{index}:RtspUrl"] = $"rtsp://127.0.0.1:{StreamsCluster.MediaPort}",
            [$"Streams:Media:Nodes:{index}:RtmpUrl"] = $"rtmp://127.0.0.1:{StreamsCluster.MediaPort}",
        })));

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public async Task One_whose_end_was_not_told_is_kicked_where_it_is_and_one_that_has_ended_is_not()
    {
        IStreamGrain stream = _cluster.Client.GetGrain<IStreamGrain>(_id.Value);
        await stream.Receive(StreamsCluster.Event(_id, new MediaSource("rtmpConn", "in"), SourceEventKind.Ready) with { Node = "b" });
        await KillOnceRunning(stream, 1, SourceEventKind.Ready, "out-1");
        await Eventually.True(() => _b.Kicked.Contains("out-1"), "the first output kicked at b");
        await KillOnceRunning(stream, 2, SourceEventKind.Ready, "out-2", SourceEventKind.NotReady);
        await Running(stream, 3);
        Assert.Equal(["out-1"], _b.Kicked);
        Assert.Empty(_a.Kicked);
        await stream.Receive(StreamsCluster.Event(_id, new MediaSource("rtmpConn", "in"), SourceEventKind.NotReady) with { Node = "b" });
        await Eventually.Get(stream.GetStatus, static status => status!.Phase == StreamPhase.Offline, "offline");
    }

    private async Task KillOnceRunning(IStreamGrain stream, long generation, SourceEventKind first, string output, SourceEventKind? second = null)
    {
        int pid = (await Running(stream, generation)).WorkerPid!.Value;
        foreach (SourceEventKind kind in new[] { first, second }.OfType<SourceEventKind>())
        {
            await stream.Receive(StreamsCluster.Event(_id, new MediaSource("rtmpConn", output), kind) with { Node = "b", Path = new StreamPath(_id, PathRole.Output) });
        }

        Processes.Signal(pid, Processes.KillSignal);
    }

    private static async Task<StreamStatus> Running(IStreamGrain stream, long generation) =>
        (await Eventually.Get(stream.GetStatus, status => status is { Phase: StreamPhase.Running, WorkerPid: not null } && status.Generation == generation, $"run {generation}"))!;

    /// <summary>A Control API that knows of nothing, and remembers whom it was to kick.</summary>
    private sealed class ControlApi : IDisposable
    {
        private readonly HttpListener _listener = new();

        public ControlApi()
        {
            Port = FreePorts.Next();
            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            _listener.Start();
            Serve().Ignore();
        }

        public int Port { get; }

        public ConcurrentQueue<string> Kicked { get; } = new();

        public void Dispose() => _listener.Close();

        private async Task Serve()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext request = await _listener.GetContextAsync();
                if (request.Request is { HttpMethod: "POST", Url: { } url } && url.AbsolutePath.Contains("/kick/", StringComparison.Ordinal))
                {
                    Kicked.Enqueue(url.Segments[^1]);
                }

                request.Response.StatusCode = 404;
                request.Response.Close();
            }
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Streams.Testing.Cluster;
using Streams.Testing.Network;

namespace Streams.EndToEnd.Tests;

/// <summary>
/// Looks every 50 ms at the workers' processes, and at each media server for who publishes the outputs. A publisher is known by its process: the media server tells the port that it
/// connected from, Linux whose socket that is, and the process's environment which generation it is. A standby is on the air by the media server's own forwarding.
/// </summary>
internal sealed class ChaosLooks : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>The media server's lists of those who may publish an output.</summary>
    private static readonly string[] Connections = ["rtspsessions", "rtsp/sessions", "rtmpconns", "rtmp/conns"];

    private readonly CancellationTokenSource _closing = new();
    private readonly ClusterSystem _system;
    private readonly ChaosJudge _judge;
    private readonly ChaosTimeline _timeline;
    private readonly Func<string, bool> _isOurs;
    private readonly Task _looking;
    private volatile IReadOnlyList<SeenWorker> _workers = [];

    public ChaosLooks(ClusterSystem system, ChaosJudge judge, ChaosTimeline timeline, Func<string, bool> isOurs)
    {
        (_system, _judge, _timeline, _isOurs) = (system, judge, timeline, isOurs);
        _looking = Task.WhenAll([Task.Run(LookAtWorkers), .. system.Nodes.Select(node => Task.Run(() => LookAtOutputs(node)))]);
    }

    /// <summary>The workers that were alive at the last look.</summary>
    public IReadOnlyList<SeenWorker> Workers => _workers;

    /// <summary>How many publishers of outputs were known by their process.</summary>
    public int Known { get; private set; }

    /// <summary>How many had gone before that could be seen.</summary>
    public int Unknown { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _looking;
        _closing.Dispose();
    }

    private async Task LookAtWorkers()
    {
        WorkerLooks looks = new(_isOurs);
        using PeriodicTimer timer = new(Period);
        do
        {
            IReadOnlyList<SeenWorker> seen = looks.Look();
            if (seen.GroupBy(static worker => worker.Marker.StreamId).Any(static stream => stream.Count() > 1))
            {
                seen = [.. seen.Where(static worker => Processes.IsAlive(worker.Pid))]; // One of two may have ended while the table was read.
            }

            _workers = seen;
            _judge.See(_timeline.Now, seen);
        }
        while (await Next(timer));
    }

    private async Task LookAtOutputs(ClusterNode node)
    {
        Dictionary<string, long?> known = [];
        int life = 0;
        using PeriodicTimer timer = new(Period);
        do
        {
            if (node.Server is not { } server)
            {
                continue;
            }

            if (life != node.Life)
            {
                (life, known) = (node.Life, []);
            }

            try
            {
                await Look(node, server, life, known);
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException or JsonException or ObjectDisposedException)
            {
                // It is being killed.
            }
        }
        while (await Next(timer));
    }

    private async Task Look(ClusterNode node, MediaServer server, int life, Dictionary<string, long?> known)
    {
        TimeSpan at = _timeline.Now;
        foreach ((string stream, string source) in await Outputs(server))
        {
            if (!known.TryGetValue(source, out long? generation))
            {
                generation = known[source] = await FindGeneration(server, source, stream);
                (Known, Unknown) = generation is null ? (Known, Unknown + 1) : (Known + 1, Unknown);
            }

            if (generation is { } publishing)
            {
                _judge.SeeOutput(at, node.Name, life, stream, publishing);
            }
        }
    }

    private async Task<(string Stream, string Source)[]> Outputs(MediaServer server)
    {
        JsonElement list = (await server.Api.Find("/v3/paths/list?itemsPerPage=1000"))!.Value;
        return
        [
            .. list.GetProperty("items").EnumerateArray()
                .Where(static item => item.GetProperty("source").ValueKind == JsonValueKind.Object)
                .Select(static item => (Path: item.GetProperty("name").GetString()!.Split('/'), Source: item.GetProperty("source").GetProperty("id").GetString()!))
                .Where(item => item.Path is [_, var stream, "out"] && _isOurs(stream))
                .Select(static item => (item.Path[1], item.Source)),
        ];
    }

    private async Task<long?> FindGeneration(MediaServer server, string source, string stream)
    {
        string? address = null;
        for (int i = 0; i < Connections.Length && address is null; i++)
        {
            address = (await server.Api.Find($"/v3/{Connections[i]}/list?itemsPerPage=1000"))?.GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("id").GetString() == source).Select(static item => item.GetProperty("remoteAddr").GetString()).FirstOrDefault();
        }

        if (address?.Split(':')[^1] is not { } text || !int.TryParse(text, out int port))
        {
            return null;
        }

        port = _system.ClientPort(port);
        IReadOnlyList<SeenWorker> workers = WorkerLooks.Of(stream);
        return SocketOwners.Find(port, [.. workers.Select(static worker => worker.Pid), server.Program.Pid]) switch
        {
            null => null,
            { } pid when pid == server.Program.Pid => await FindForwarded(server, stream),
            { } pid => workers.First(worker => worker.Pid == pid).Marker.Generation,
        };
    }

    /// <summary>The standby's run whose path the media server forwards to the output; null while that is not one alone.</summary>
    private static async Task<long?> FindForwarded(MediaServer server, string stream)
    {
        string own = $"live/{stream}/w";
        JsonElement paths = (await server.Api.Find("/v3/config/paths/list?itemsPerPage=1000"))!.Value;
        long[] forwarded =
        [
            .. paths.GetProperty("items").EnumerateArray()
                .Where(path => path.GetProperty("name").GetString()!.StartsWith(own, StringComparison.Ordinal)
                    && path.TryGetProperty("forward", out JsonElement forward) && forward.ValueKind == JsonValueKind.Array && forward.GetArrayLength() > 0)
                .Select(path => long.Parse(path.GetProperty("name").GetString()![own.Length..], CultureInfo.InvariantCulture)),
        ];
        return forwarded is [var one] ? one : null;
    }

    private async Task<bool> Next(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_closing.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

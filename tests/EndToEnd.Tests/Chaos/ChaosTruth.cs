using System.Text.Json;
using Streams.Testing;
using Streams.Testing.Cluster;

namespace Streams.EndToEnd.Tests;

/// <summary>What the media servers say is live, against what the silos say and which workers there are.</summary>
internal static class ChaosTruth
{
    /// <summary>Publishers of two media servers that came so soon after each other are of equal age: their clocks and hooks say no more.</summary>
    private static readonly TimeSpan EqualAge = TimeSpan.FromSeconds(1);

    /// <summary>The first stream that is not as it should be, and how it is; empty when all are.</summary>
    public static async Task<(string Stream, string Difference)> Find(ClusterSystem system, IEnumerable<ChaosStream> streams)
    {
        ILookup<string, LivePath> live = (await Task.WhenAll(system.Nodes.Select(List))).SelectMany(static paths => paths).ToLookup(static path => path.Name);
        foreach (ChaosStream stream in streams)
        {
            if (await Find(system, stream.Id, [.. live[$"live/{stream.Id}/in"]], [.. live[$"live/{stream.Id}/out"]]) is { Length: > 0 } difference)
            {
                return (stream.Id, difference);
            }
        }

        return ("", "");
    }

    private static async Task<string> Find(ClusterSystem system, string id, LivePath[] inputs, LivePath[] outputs)
    {
        IReadOnlyList<SeenWorker> workers = WorkerLooks.Of(id);
        JsonElement? known = await system.Status(id);
        string shown = $"live at {string.Join(" and ", inputs.Select(static input => $"{input.Node} by {input.Source}"))}, "
            + $"workers {string.Join(" and ", workers.Select(static worker => $"{worker.Marker.Generation} (pid {worker.Pid}, silo {worker.Marker.SiloPid})"))}, status {known}";
        if (known is not { } status)
        {
            return inputs.Length == 0 && workers.Count == 0 ? "" : shown;
        }

        string phase = status.GetProperty("phase").GetString()!;
        bool isHeld = status.GetProperty("isHeld").GetBoolean();
        bool waits = phase == "Backoff" && status.TryGetProperty("contested", out JsonElement _); // As in ChaosTests: nobody's truth yet.
        bool isWanted = inputs.Length > 0 && !isHeld;
        long? standby = status.TryGetProperty("standby", out JsonElement second) && second.ValueKind == JsonValueKind.Object
            && second.TryGetProperty("generation", out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : null;
        workers = [.. workers.Where(worker => worker.Marker.Generation != standby)];
        if (workers.Count != (isWanted && !waits ? 1 : 0))
        {
            return shown;
        }

        if (!isWanted || waits)
        {
            return waits || phase == "Offline" ? "" : shown;
        }

        string? source = status.TryGetProperty("input", out JsonElement input) && input.ValueKind == JsonValueKind.Object ? input.GetProperty("id").GetString() : null;
        DateTimeOffset newest = inputs.Max(static one => one.Since);
        bool isNewest = inputs.Any(one => one.Source == source && newest - one.Since <= EqualAge);
        bool hasOutput = outputs.Any(output => inputs.Any(one => one.Source == source && one.Node == output.Node));
        return phase == "Running" && isNewest && hasOutput && workers[0].Marker.Generation == status.GetProperty("generation").GetInt64() ? "" : shown;
    }

    private static async Task<IEnumerable<LivePath>> List(ClusterNode node)
    {
        JsonElement list = (await node.Server!.Api.Find("/v3/paths/list?itemsPerPage=1000"))!.Value;
        return
        [
            .. list.GetProperty("items").EnumerateArray().Where(static item => item.GetProperty("available").GetBoolean() && item.GetProperty("source").ValueKind == JsonValueKind.Object).Select(item => new LivePath(
                item.GetProperty("name").GetString()!, node.Name, item.GetProperty("source").GetProperty("id").GetString()!, item.GetProperty("availableTime").GetDateTimeOffset())),
        ];
    }

    private sealed record LivePath(string Name, string Node, string Source, DateTimeOffset Since);
}

using System.Globalization;

namespace Streams.Testing.Cluster;

/// <summary>The marker that each worker has in its environment: <c>STREAMS_RUN={namespace}.{silo's pid}.{silo's start}/{stream}/{generation}</c>.</summary>
/// <param name="SiloPid">The process of its silo.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Generation">Its generation.</param>
public sealed record WorkerMarker(int SiloPid, string StreamId, long Generation)
{
    /// <summary>The variable.</summary>
    public const string Variable = "STREAMS_RUN";

    /// <summary>Reads a marker; null for what is none.</summary>
    public static WorkerMarker? Parse(string? value) => value?.Split('/') is [var owner, var stream, var generation]
        && owner.Split('.') is [_, var pid, _]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int siloPid)
        && long.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new WorkerMarker(siloPid, stream, number)
            : null;
}

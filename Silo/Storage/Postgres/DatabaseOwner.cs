namespace Streams.Silo.Storage.Postgres;

/// <summary>Who owns a database: a silo, or the silos of a cluster.</summary>
/// <param name="Pid">The silo's process id; of a cluster, that of the silo that joined last.</param>
/// <param name="Host">Its machine.</param>
/// <param name="StartedAt">When its process started.</param>
/// <param name="Cluster">The cluster's id; null for a silo alone.</param>
internal sealed record DatabaseOwner(int Pid, string Host, DateTimeOffset StartedAt, string? Cluster)
{
    /// <summary>This process.</summary>
    /// <param name="cluster">Its cluster; null for a silo alone.</param>
    public static DatabaseOwner Me(string? cluster)
    {
        using System.Diagnostics.Process me = System.Diagnostics.Process.GetCurrentProcess();
        return new DatabaseOwner(Environment.ProcessId, Environment.MachineName, me.StartTime.ToUniversalTime(), cluster);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string silo = $"process {Pid} on {Host}, started {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
        return Cluster is null ? silo : $"cluster '{Cluster}', of which the last to join was {silo}";
    }
}

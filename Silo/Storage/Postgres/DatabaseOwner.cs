namespace Streams.Silo.Storage.Postgres;

/// <summary>The silo that owns a database.</summary>
/// <param name="Pid">The silo's process id.</param>
/// <param name="Host">Its machine.</param>
/// <param name="StartedAt">When its process started.</param>
internal sealed record DatabaseOwner(int Pid, string Host, DateTimeOffset StartedAt)
{
    /// <summary>This process.</summary>
    public static DatabaseOwner Me
    {
        get
        {
            using System.Diagnostics.Process me = System.Diagnostics.Process.GetCurrentProcess();
            return new DatabaseOwner(Environment.ProcessId, Environment.MachineName, me.StartTime.ToUniversalTime());
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"process {Pid} on {Host}, started {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
}

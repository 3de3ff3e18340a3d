namespace Streams.Silo.Hosting;

/// <summary>The longest that the end of the silo takes: its workers, then requests that are under way, then what is to be saved.</summary>
internal static class ShutdownTime
{
    /// <summary>Kestrel waits for a request until its headers are complete, for 10 s at most.</summary>
    private static readonly TimeSpan Requests = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Saving = TimeSpan.FromSeconds(3);

    /// <summary>With these workers.</summary>
    public static TimeSpan Of(WorkerOptions workers) => workers.LongestEnd + Requests + Saving;
}

namespace Streams.Measuring.Clients;

/// <summary>A running worker.</summary>
/// <param name="Generation">Its generation.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="StartedAt">When its process started, by the silo's clock.</param>
public sealed record WorkerProcess(long Generation, int Pid, DateTimeOffset StartedAt);

namespace Streams.Verify;

/// <summary>A worker that runs.</summary>
/// <param name="Generation">Its number in its stream.</param>
/// <param name="Pid">Its process.</param>
/// <param name="StartedAt">When its process started, by the silo's clock.</param>
internal sealed record WorkerProcess(long Generation, int Pid, DateTimeOffset StartedAt);

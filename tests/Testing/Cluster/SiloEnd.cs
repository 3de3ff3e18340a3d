namespace Streams.Testing.Cluster;

/// <summary>The end of a silo's process.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="ExitCode">Its exit code; 137 when it was killed.</param>
/// <param name="At">When, as a timestamp of the monotonic clock.</param>
/// <param name="Lines">What it wrote.</param>
public sealed record SiloEnd(int Pid, int ExitCode, long At, IReadOnlyList<string> Lines);

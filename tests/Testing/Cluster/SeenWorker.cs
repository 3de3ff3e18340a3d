namespace Streams.Testing.Cluster;

/// <summary>A living worker: the leader of a group that has a marker.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Marker">Its marker.</param>
public sealed record SeenWorker(int Pid, WorkerMarker Marker);

namespace Streams.Grains.Workers;

/// <summary>Receives what the workers of this silo report while they run. It is called by the threads that read their output, and never waits.</summary>
internal interface IProgressReceiver
{
    /// <summary>A run reported progress.</summary>
    void Receive(StreamId id, long generation, WorkerProgress progress);
}

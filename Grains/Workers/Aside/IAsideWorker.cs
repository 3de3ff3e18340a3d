namespace Streams.Grains.Workers.Aside;

/// <summary>The worker of a run with a path of its own, as its watch sees it.</summary>
internal interface IAsideWorker
{
    /// <summary>Which run it is.</summary>
    WorkerRun Run { get; }

    /// <summary>Its process; null before it exists.</summary>
    int? Pid { get; }

    /// <summary>Whether what it writes arrives at its own path.</summary>
    bool HasArrived { get; }

    /// <summary>Done when it was asked to end.</summary>
    Task StopRequested { get; }

    /// <summary>MediaMTX has received so many bytes from its input's source.</summary>
    void RecordInput(long bytes);

    /// <summary>MediaMTX shows its own path: so many bytes from this source, or null for nobody.</summary>
    void RecordOutput(string? source, long bytes);
}

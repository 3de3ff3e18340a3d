namespace Streams.Grains.Workers.Progress;

/// <summary>Reads a worker's standard output for progress. For one run, one caller at a time.</summary>
internal interface IProgressParser
{
    /// <summary>Whether its times are fine enough to be compared with real time.</summary>
    bool IsExact { get; }

    /// <summary>Takes a line; returns a report when the line completes one.</summary>
    WorkerProgress? Parse(string line);
}

namespace Streams.Grains.Workers;

/// <summary>
/// The stream's side of its worker's life; implemented by the stream's grain. Each call names its generation: the grain drops what
/// is about an old one. The host repeats a call that fails, so that no end is ever lost.
/// </summary>
[Alias("Streams.IWorkerEvents")]
internal interface IWorkerEvents : IGrainWithStringKey
{
    /// <summary>The process exists.</summary>
    [Alias("Started")]
    Task Started(long generation, WorkerProcessInfo process);

    /// <summary>Its output arrives.</summary>
    [Alias("Progressed")]
    Task Progressed(long generation);

    /// <summary>Its output has been arriving for <see cref="SteadyTime.After"/>.</summary>
    [Alias("Steady")]
    Task Steady(long generation);

    /// <summary>It makes no progress although its input delivers.</summary>
    [Alias("Stalled")]
    Task Stalled(long generation, string reason);

    /// <summary>Its process group is verified gone, or never came to be.</summary>
    [Alias("Exited")]
    Task Exited(long generation, WorkerExit exit);
}

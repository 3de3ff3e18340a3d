namespace Streams.Grains.Workers;

/// <summary>
/// The stream's side of its worker's life; implemented by the stream's grain. Each call names its generation: the grain drops what
/// is about an old one. The host repeats a call that fails, so that no end is ever lost. Each report of a living run is answered: true while it is
/// the stream's present one, false when it is superseded, and the host ends it.
/// </summary>
[Alias("Streams.IWorkerEvents")]
internal interface IWorkerEvents : IGrainWithStringKey
{
    /// <summary>The process exists.</summary>
    [Alias("Started")]
    Task<bool> Started(long generation, WorkerProcessInfo process);

    /// <summary>Its output arrives.</summary>
    [Alias("Progressed")]
    Task<bool> Progressed(long generation);

    /// <summary>Its output has been arriving for <see cref="SteadyTime.After"/>.</summary>
    [Alias("Steady")]
    Task<bool> Steady(long generation);

    /// <summary>It makes no progress although its input delivers.</summary>
    [Alias("Stalled")]
    Task<bool> Stalled(long generation, string reason);

    /// <summary>It has taken the output over from its own path.</summary>
    /// <param name="generation">The run.</param>
    /// <param name="output">What publishes the output since.</param>
    [Alias("SteppedIn")]
    Task<bool> SteppedIn(long generation, LiveSource output);

    /// <summary>Before the run stepped in nobody published the output, which its stream may not have seen.</summary>
    /// <param name="generation">The run.</param>
    /// <param name="took">For how long.</param>
    /// <param name="until">Until when.</param>
    [Alias("Missed")]
    Task Missed(long generation, TimeSpan took, DateTimeOffset until);

    /// <summary>Nothing has happened: asked from time to time, so that a run that its stream has forgotten ends.</summary>
    [Alias("Owns")]
    Task<bool> Owns(long generation);

    /// <summary>The next run is to be on another silo: this one is drained, or has no slot for the run.</summary>
    /// <param name="generation">The run.</param>
    /// <param name="waits">Whether it still waits for a slot.</param>
    [Alias("Move")]
    Task<MoveAnswer> Move(long generation, bool waits);

    /// <summary>Its process group is verified gone, or never came to be.</summary>
    [Alias("Exited")]
    Task Exited(long generation, WorkerExit exit);
}

/// <summary>What a stream does when the silo of its run is drained.</summary>
internal enum MoveAnswer
{
    /// <summary>The run is not the stream's present one.</summary>
    Gone,

    /// <summary>Its next run is being started on another silo.</summary>
    Moving,

    /// <summary>It is still starting, or stopping: to be asked again.</summary>
    NotYet,

    /// <summary>No other silo can take it.</summary>
    NoRoom,
}

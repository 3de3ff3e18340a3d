using Streams.Grains.Workers.Aside;

namespace Streams.Grains.Workers;

/// <summary>A run that this silo's host has: from its start, also while it waits for a slot, until its stream has taken its end.</summary>
/// <param name="Worker">Its process.</param>
/// <param name="Preparation">What it needs for its start.</param>
/// <param name="Poster">Tells its stream what becomes of it.</param>
/// <param name="Ticket">Its slot, or its place in the queue.</param>
/// <param name="Cpu">Whether it uses processor time while nothing of it arrives.</param>
/// <param name="Number">How many were started before it.</param>
internal sealed record HostedRun(Worker Worker, RunPreparation Preparation, WorkerEventPoster Poster, StartGate.Ticket Ticket, CpuUse Cpu, long Number)
{
    /// <summary>How often a stream is asked whether a run is still its own: nothing else would end one whose row is gone.</summary>
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Timestamp of the last question to its stream; 0 before the first, which is soon.</summary>
    private long _confirmedAt;

    /// <summary>Timestamp of its admission; null while it waits.</summary>
    public long? StartedAt { get; set; }

    /// <summary>Its watch, if it has a path of its own; else null.</summary>
    public AsideWatch? Aside { get; init; }

    /// <summary>Whether its output is kept.</summary>
    public bool IsKept { get; set; }

    /// <summary>Done when its process group is verified gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when its end was taken, and the host has forgotten it.</summary>
    public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Looks whether its worker is steady or hangs, and tells its stream.</summary>
    /// <param name="steadyAfter">How long it has to work to be steady.</param>
    /// <param name="time">The clock.</param>
    public void Watch(TimeSpan steadyAfter, TimeProvider time)
    {
        if (Worker is not { Liveness: { } liveness, Pid: { } pid })
        {
            return;
        }

        if (time.GetElapsedTime(_confirmedAt) > ConfirmPeriod)
        {
            _confirmedAt = time.GetTimestamp();
            Poster.Confirm();
        }

        if (liveness.ArrivingFor > steadyAfter)
        {
            Poster.Steady();
        }

        if (liveness.FindStall() is not { } stall)
        {
            Cpu.Forget();
        }
        else if (!stall.IsOver)
        {
            Cpu.Begin(pid);
        }
        else if (stall.IsOverForAll || !Cpu.IsWorking(pid))
        {
            Poster.Stalled(stall.Reason);
        }
    }
}

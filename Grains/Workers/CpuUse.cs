using Streams.Grains.Os;

namespace Streams.Grains.Workers;

/// <summary>Whether a worker works while it says nothing. For one caller at a time.</summary>
internal sealed class CpuUse(TimeProvider time)
{
    /// <summary>The share of one processor that tells work from waiting.</summary>
    private const double Working = 0.25;

    private (long At, TimeSpan Demand)? _before;

    /// <summary>Measures from now on, unless that is under way.</summary>
    public void Begin(int group) => _before ??= (time.GetTimestamp(), ProcessTable.DemandOf(group));

    /// <summary>Ends the measurement.</summary>
    public void Forget() => _before = null;

    /// <summary>Whether the group has wanted at least a quarter of a processor since <see cref="Begin"/>.</summary>
    public bool IsWorking(int group) => _before is { } before
        && time.GetElapsedTime(before.At) is { Ticks: > 0 } elapsed
        && (ProcessTable.DemandOf(group) - before.Demand) / elapsed >= Working;
}

using System.Reflection;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>Says how this silo is.</summary>
internal sealed class SiloReporter(ILocalSiloDetails silo, StartGate gate, DrainState drain, SiloZone zone, IOptions<WorkerOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly string _version = typeof(SiloReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
    private readonly DateTimeOffset _startedAt = new(System.Diagnostics.Process.GetCurrentProcess().StartTime);
    private TimeSpan _cpuBefore = Environment.CpuUsage.TotalTime;
    private long _askedBefore = time.GetTimestamp();
    private double _cpu;

    /// <summary>A report of now; processor time is of the time since the report before, but of no less than half a second.</summary>
    public SiloReport Report()
    {
        WorkerCounts counts = gate.Counts;
        WorkerOptions workers = options.Value;
        return new SiloReport
        {
            Address = silo.SiloAddress.ToString(),
            Name = silo.Name,
            State = drain.IsDraining ? SiloState.Draining : SiloState.Active,
            DrainsUntil = drain.Until,
            Version = _version,
            Zone = zone.Name,
            Slots = counts.Slots,
            SpareSlots = counts.Spare,
            Host = Environment.MachineName,
            Pid = Environment.ProcessId,
            StartedAt = _startedAt,
            Workers = counts.Living,
            Standbys = counts.Standbys,
            Waiting = counts.Waiting,
            MaxWorkers = counts.Max,
            Cpu = MeasureCpu(),
            MemoryBytes = Environment.WorkingSet,
            At = time.GetUtcNow(),
            Profiles = [.. workers.Profiles.Keys.Order(StringComparer.Ordinal)],
            DefaultProfile = workers.DefaultProfile,
        };
    }

    private double MeasureCpu()
    {
        lock (_lock)
        {
            TimeSpan passed = time.GetElapsedTime(_askedBefore);
            if (passed > TimeSpan.FromSeconds(0.5))
            {
                TimeSpan used = Environment.CpuUsage.TotalTime;
                _cpu = (used - _cpuBefore) / passed;
                _cpuBefore = used;
                _askedBefore = time.GetTimestamp();
            }

            return _cpu;
        }
    }
}

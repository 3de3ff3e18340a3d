using System.Collections.Immutable;

namespace Streams;

/// <summary>What a silo reports about itself, every second.</summary>
[GenerateSerializer, Immutable, Alias("Streams.SiloReport")]
public sealed record SiloReport
{
    /// <summary>Its address in the cluster, for example <c>S127.0.0.1:11111:123</c>; no later silo has it again.</summary>
    [Id(0)] public required string Address { get; init; }

    /// <summary>The machine it runs on.</summary>
    [Id(1)] public required string Host { get; init; }

    /// <summary>Its process id.</summary>
    [Id(2)] public required int Pid { get; init; }

    /// <summary>When its process started.</summary>
    [Id(3)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How many workers it runs.</summary>
    [Id(4)] public int Workers { get; init; }

    /// <summary>How many workers wait for a slot.</summary>
    [Id(5)] public int Waiting { get; init; }

    /// <summary>How many slots it has: the most workers that it may run, if each takes one; 0 for a silo that runs none.</summary>
    [Id(6)] public int MaxWorkers { get; init; }

    /// <summary>Processors that the silo itself used over the last second, without its workers: 1 is one whole processor.</summary>
    [Id(7)] public double Cpu { get; init; }

    /// <summary>Memory of the silo itself, without its workers, in bytes.</summary>
    [Id(8)] public long MemoryBytes { get; init; }

    /// <summary>When it reported this.</summary>
    [Id(9)] public DateTimeOffset At { get; init; }

    /// <summary>The names of the worker profiles that it has.</summary>
    [Id(10)] public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>The profile of streams for which no operator chose one.</summary>
    [Id(11)] public string DefaultProfile { get; init; } = "";

    /// <summary>Its name, as operators see it.</summary>
    [Id(12)] public string Name { get; init; } = "";

    /// <summary>Whether it takes new workers.</summary>
    [Id(13)] public SiloState State { get; init; }

    /// <summary>While it is drained: when its remaining workers end at the latest.</summary>
    [Id(14)] public DateTimeOffset? DrainsUntil { get; init; }

    /// <summary>The version of its program.</summary>
    [Id(15)] public string Version { get; init; } = "";

    /// <summary>Its zone; empty for none.</summary>
    [Id(16)] public string Zone { get; init; } = "";

    /// <summary>How many slots its workers take, with those that wait.</summary>
    [Id(17)] public int Slots { get; init; }

    /// <summary>How many of these are of standbys, which make room for other workers.</summary>
    [Id(18)] public int SpareSlots { get; init; }

    /// <summary>How many of its workers are standbys of streams that run elsewhere.</summary>
    [Id(19)] public int Standbys { get; init; }
}

/// <summary>Whether a silo takes new workers.</summary>
public enum SiloState
{
    /// <summary>It does.</summary>
    Active,

    /// <summary>Its workers move to other silos, and it ends then.</summary>
    Draining,
}

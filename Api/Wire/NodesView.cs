namespace Streams.Api.Wire;

/// <summary>The machines behind the streams.</summary>
public sealed record NodesView
{
    /// <summary>The silos, which run the workers.</summary>
    public required IReadOnlyList<SiloView> Silos { get; init; }

    /// <summary>The media servers.</summary>
    public required IReadOnlyList<MediaNodeView> MediaNodes { get; init; }

    /// <summary>Where streams are saved.</summary>
    public required StoreView Store { get; init; }
}

/// <summary>The store of the streams.</summary>
public sealed record StoreView
{
    /// <summary>What it is and where.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can be read and written; while not, nothing is acknowledged and workers are left alone.</summary>
    public required bool IsUsable { get; init; }

    /// <summary>Since when that is so, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it cannot be used; absent when it can.</summary>
    public string? Problem { get; init; }

    internal static StoreView Of(StoreReport store) =>
        new() { Name = store.Store, IsUsable = store.Problem is null, Since = store.Since.ToUniversalTime(), Problem = store.Problem };
}

/// <summary>A silo as it said within the last 10 s.</summary>
public sealed record SiloView
{
    /// <summary>Its address in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Its name, by which it is drained.</summary>
    public required string SiloName { get; init; }

    /// <summary>Whether it takes new workers.</summary>
    public required SiloState State { get; init; }

    /// <summary>While it is drained: when its remaining workers end at the latest, UTC; absent otherwise.</summary>
    public DateTimeOffset? DrainsUntil { get; init; }

    /// <summary>The version of its program.</summary>
    public required string Version { get; init; }

    /// <summary>Its zone; absent for none.</summary>
    public string? Zone { get; init; }

    /// <summary>The machine it runs on.</summary>
    public required string Host { get; init; }

    /// <summary>Its process id.</summary>
    public required int Pid { get; init; }

    /// <summary>When its process started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How many workers it runs.</summary>
    public required int Workers { get; init; }

    /// <summary>How many of these are standbys of streams that run elsewhere.</summary>
    public int Standbys { get; init; }

    /// <summary>How many workers wait for a slot.</summary>
    public required int Waiting { get; init; }

    /// <summary>How many workers it carries at most.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Processors that it used over the last second, without its workers: 1 is one whole processor.</summary>
    public required double Cpu { get; init; }

    /// <summary>Its memory without its workers, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The worker profiles that it knows, by name.</summary>
    public required IReadOnlyList<string> Profiles { get; init; }

    /// <summary>The profile of a stream for which nobody chose another.</summary>
    public required string DefaultProfile { get; init; }

    internal static SiloView Of(SiloReport report) => new()
    {
        Name = report.Address,
        SiloName = report.Name,
        State = report.State,
        DrainsUntil = report.DrainsUntil?.ToUniversalTime(),
        Version = report.Version,
        Zone = report.Zone is { Length: > 0 } zone ? zone : null,
        Host = report.Host,
        Pid = report.Pid,
        StartedAt = report.StartedAt.ToUniversalTime(),
        Workers = report.Workers,
        Standbys = report.Standbys,
        Waiting = report.Waiting,
        MaxWorkers = report.MaxWorkers,
        Cpu = Math.Round(report.Cpu, 3),
        MemoryBytes = report.MemoryBytes,
        Profiles = report.Profiles,
        DefaultProfile = report.DefaultProfile,
    };
}

/// <summary>A MediaMTX.</summary>
public sealed record MediaNodeView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is, as configured; absent when nothing is configured.</summary>
    public string? Zone { get; init; }

    /// <summary>Whether its Control API answers; while not, what is live is unknown and workers are left alone.</summary>
    public required bool IsReachable { get; init; }

    /// <summary>Since when that is so, UTC; absent before the first question.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why it does not answer; absent when it does.</summary>
    public string? Problem { get; init; }

    /// <summary>Its version; absent when it does not say.</summary>
    public string? Version { get; init; }

    /// <summary>When it last answered, UTC; absent before that.</summary>
    public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>How long that took, in milliseconds.</summary>
    public double? AnswerMilliseconds { get; init; }

    /// <summary>How many paths of streams were live then.</summary>
    public required int LivePaths { get; init; }

    /// <summary>How often a stream was told something that its hooks had not told it.</summary>
    public required long Corrections { get; init; }

    internal static MediaNodeView Of(MediaNodeStatus node) => new()
    {
        Name = node.Name,
        Zone = node.Zone is { Length: > 0 } zone ? zone : null,
        IsReachable = node.IsReachable,
        Since = node.Since?.ToUniversalTime(),
        Problem = node.Problem,
        Version = node.Version,
        LastAnswerAt = node.LastAnswerAt?.ToUniversalTime(),
        AnswerMilliseconds = node.AnswerTime is { } took ? Math.Round(took.TotalMilliseconds, 1) : null,
        LivePaths = node.LivePaths,
        Corrections = node.Corrections,
    };
}

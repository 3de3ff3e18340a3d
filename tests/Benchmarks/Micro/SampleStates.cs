namespace Streams.Benchmarks.Micro;

/// <summary>Sample states and inputs of a stream with a past.</summary>
internal static class SampleStates
{
    public static readonly StreamId Id = StreamId.Parse("benchmark-0001");

    private static readonly DateTimeOffset Before = DateTimeOffset.UnixEpoch.AddYears(59);

    /// <summary>Offline, with the maximum number of remembered sources and events.</summary>
    public static StreamState Used { get; } = new()
    {
        Since = Before,
        Generation = 40,
        InputLearnedAt = Before,
        OutputLearnedAt = Before,
        LastReason = "ffmpeg was stopped after 3600.0 s.",
        EndedSources = [.. Enumerable.Range(0, StreamState.MaxEndedSources).Select(static _ => Guid.NewGuid().ToString())],
        RecentEvents = [.. Enumerable.Range(0, StreamState.MaxRecentEvents).Select(static _ => Guid.NewGuid())],
    };

    /// <summary>The same, running.</summary>
    public static StreamState Running { get; } = Used with
    {
        Phase = StreamPhase.Running,
        Input = new LiveSource("rtmpConn", Guid.NewGuid().ToString(), "", Before),
        Worker = new WorkerProcessInfo(4711, Before),
    };

    /// <summary>A worker's report.</summary>
    public static WorkerProgress Progress { get; } = new() { At = Before, Frames = 1200, Fps = 30, BitrateBps = 800_000, TotalBytes = 4_000_000, OutTime = TimeSpan.FromSeconds(40), Speed = 1 };

    /// <summary>Its public status.</summary>
    public static StreamStatus Status { get; } = new()
    {
        StreamId = Id,
        Order = StreamOrder.Run,
        Phase = StreamPhase.Running,
        Since = Before,
        Generation = 41,
        Profile = "passthrough",
        Input = Running.Input,
        WorkerPid = 4711,
        WorkerStartedAt = Before,
        Progress = Progress,
    };

    /// <summary>The ready event of a publisher.</summary>
    public static StreamInput Ready(string source) => new StreamInput.SourceChanged(new SourceEvent
    {
        EventId = Guid.NewGuid(),
        Kind = SourceEventKind.Ready,
        Path = new StreamPath(Id, PathRole.Input),
        Source = new MediaSource("rtmpConn", source),
        OccurredAt = Before,
    });
}

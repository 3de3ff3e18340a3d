using Streams.Verify.Logs;

namespace Streams.Verify.Systems;

/// <summary>The running system to measure, with its live streams.</summary>
internal sealed record Scene
{
    public required LocalSystem System { get; init; }

    public required StreamsClient Streams { get; init; }

    public required ControlApiClient Media { get; init; }

    /// <summary>The live streams.</summary>
    public required IReadOnlyList<LiveStream> Live { get; init; }

    /// <summary>Times of their first starts.</summary>
    public required IReadOnlyList<StartTimes> FirstStarts { get; init; }

    /// <summary>End of the silo's log before the first stream started.</summary>
    public required LogMark Log { get; init; }

    /// <summary>How long make dev took to start <see cref="System"/>; null where it was running, or the other streams have that sample.</summary>
    public TimeSpan? StartedIn { get; init; }
}

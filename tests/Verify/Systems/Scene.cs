using Streams.Measuring.Clients;
using Streams.Verify.Logs;

namespace Streams.Verify.Systems;

/// <summary>What is measured on: a running system with so many live streams.</summary>
internal sealed record Scene
{
    public required LocalSystem System { get; init; }

    public required StreamsClient Streams { get; init; }

    public required ControlApiClient Media { get; init; }

    /// <summary>The live streams.</summary>
    public required IReadOnlyList<LiveStream> Live { get; init; }

    /// <summary>The times of their first starts.</summary>
    public required IReadOnlyList<StartTimes> FirstStarts { get; init; }

    /// <summary>The silo's log before the first of them started.</summary>
    public required LogMark Log { get; init; }

    /// <summary>How long make dev took to start <see cref="System"/>; null where it was running, or the other streams have that sample.</summary>
    public TimeSpan? StartedIn { get; init; }
}

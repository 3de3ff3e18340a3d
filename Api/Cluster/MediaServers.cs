using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Streams.Api.Cluster;

/// <summary>The configured media servers, and what their watches say of them.</summary>
internal sealed class MediaServers(IOptions<ControlApiOptions> media, TimeProvider time)
{
    /// <summary>How long one watch is waited for: its silo may be frozen, and the others are to be shown all the same.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <summary>Their names, in the order of the configuration; at least one.</summary>
    public ImmutableArray<string> Names { get; } = MediaNodeNames.Of(media.Value);

    /// <summary>Queries all watches.</summary>
    public async Task<ImmutableArray<MediaNodeStatus>> GetStatuses(IGrainFactory grains) =>
        [.. await Task.WhenAll(Names.Select(name => GetStatus(grains.GetGrain<IMediaNodeGrain>(name), name)))];

    private async Task<MediaNodeStatus> GetStatus(IMediaNodeGrain watch, string name)
    {
        Task<MediaNodeStatus> asked = watch.GetStatus();
        if (Names.Length == 1)
        {
            return await asked; // Its caller's own limit holds.
        }

        try
        {
            return await asked.WaitAsync(Limit, time);
        }
        catch (TimeoutException)
        {
            asked.Ignore(); // It may fail later than anybody waits.
            return new MediaNodeStatus { Name = name, Problem = "The silo that watches it does not answer." };
        }
    }
}

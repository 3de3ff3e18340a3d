using Orleans.Concurrency;

namespace Streams.Grains.Watch;

/// <summary>The watch of a media server, asked by streams for the number of its last poll. The key is the media server's name.</summary>
[Alias("Streams.IPollNumbers")]
internal interface IPollNumbers : IGrainWithStringKey
{
    /// <summary>The last poll that was sent. What later ones show is newer than anything that the caller knew when it asked this.</summary>
    [Alias("GetPosition"), AlwaysInterleave]
    Task<PollPosition> GetPosition();
}

using Streams.Grains.MediaMtx;

namespace Streams.Grains.Continuity;

/// <summary>
/// The paths of single runs at one media server: a run that is not to be on the air yet publishes to its own, and takes the output over by having it forwarded there.
/// Without its path it cannot, whatever it knows: that is the fence for one that is not wanted any more.
/// </summary>
internal sealed class SidePaths(PathConfigurations paths, MediaMtxClient media)
{
    /// <summary>Has the media server take what a run publishes.</summary>
    /// <returns>Why it does not; null when it does.</returns>
    public async Task<string?> Open(SidePath path, CancellationToken cancellationToken)
    {
        try
        {
            string? version = await media.FindVersion(cancellationToken);
            if (MediaMtxVersion.TryParse(version, out MediaMtxVersion known) && known < MediaMtxVersion.Forwarding)
            {
                return $"MediaMTX {version} cannot forward a path: {MediaMtxVersion.Forwarding} and later can";
            }

            if (!await paths.Add(path, cancellationToken))
            {
                await paths.Remove(path, cancellationToken); // Left by a run of the same number, of a stream that was forgotten since; it may still be forwarded.
                await paths.Add(path, cancellationToken);
            }

            return null;
        }
        catch (MediaMtxException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Puts a run on the air: whoever publishes the destination is replaced.</summary>
    /// <param name="path">The run's path.</param>
    /// <param name="destination">The URL of the output, with credentials.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the run's path is there; false when it was taken away.</returns>
    /// <exception cref="MediaMtxException">The media server refuses, or could not be asked.</exception>
    public Task<bool> Forward(SidePath path, string destination, CancellationToken cancellationToken) => paths.Forward(path, destination, cancellationToken);

    /// <summary>Takes a run off the air, since another publishes the output.</summary>
    /// <exception cref="MediaMtxException">The media server could not be asked.</exception>
    public Task Withdraw(SidePath path, CancellationToken cancellationToken) => paths.Forward(path, null, cancellationToken);

    /// <summary>Removes a run's path, and with it what the run still publishes. Never fails: what is left is found by the sweep.</summary>
    public async Task Remove(SidePath path, CancellationToken cancellationToken)
    {
        try
        {
            await paths.Remove(path, cancellationToken);
        }
        catch (MediaMtxException)
        {
            // Away, or restarted, and then it has forgotten the path.
        }
    }

    /// <summary>Paths of single runs that nobody publishes.</summary>
    /// <exception cref="MediaMtxException">The media server could not be asked.</exception>
    public async Task<IReadOnlyList<SidePath>> ListIdle(CancellationToken cancellationToken)
    {
        List<SidePath> idle = [];
        foreach (SidePath path in await paths.ListSides(cancellationToken))
        {
            if (await media.FindPath(path, cancellationToken) is { IsKnown: true, View: null })
            {
                idle.Add(path);
            }
        }

        return idle;
    }
}

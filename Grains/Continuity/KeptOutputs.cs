using System.Collections.Concurrent;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Continuity;

/// <summary>
/// The outputs whose audience is kept: each is a path of its own at the media server, which shows a slate while nobody publishes it. The media server is where
/// they are remembered; what is known here only saves questions. Safe for several threads.
/// </summary>
internal sealed class KeptOutputs(PathConfigurations paths, MediaMtxClient media)
{
    private readonly ConcurrentDictionary<StreamPath, string> _known = new();

    /// <summary>Whether an output was kept here, and its removal is not known.</summary>
    public bool HasAny => !_known.IsEmpty;

    /// <summary>Has the media server keep an output, before its worker starts.</summary>
    /// <param name="path">The output.</param>
    /// <param name="slate">The file of its slate.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it is kept, and why not.</returns>
    public async Task<StreamContinuity> Open(StreamPath path, string slate, CancellationToken cancellationToken)
    {
        try
        {
            if (!_known.ContainsKey(path) && await FindObstacle(path, cancellationToken) is { } obstacle)
            {
                return new StreamContinuity(ContinuityState.Unavailable, obstacle);
            }

            StreamContinuity opened = !_known.ContainsKey(path) && await paths.Add(path, slate, cancellationToken)
                ? new StreamContinuity(ContinuityState.Kept)
                : await Match(path, slate, await paths.FindFile(path, cancellationToken), cancellationToken);
            if (opened.State == ContinuityState.Kept)
            {
                _known[path] = slate;
            }

            return opened;
        }
        catch (MediaMtxException refused)
        {
            return new StreamContinuity(ContinuityState.Unavailable, refused.Message);
        }
    }

    /// <summary>Whether an output is kept with a slate already, so that a standby with the same tracks can take it over; why not, when it is not.</summary>
    public async Task<string?> FindMismatch(StreamPath path, string slate, CancellationToken cancellationToken)
    {
        try
        {
            string? shown = await paths.FindFile(path, cancellationToken);
            bool isAlike = shown == slate || (shown is not null && SlateFiles.IsOurs(shown) && SlateFiles.HaveSameTracks(shown, slate)); // The card may have been changed meanwhile.
            return shown is null ? $"{path} is not kept" : isAlike ? null : $"{path} is kept with other tracks";
        }
        catch (MediaMtxException away)
        {
            return away.Message;
        }
    }

    /// <summary>Removes an output that a worker is about to publish in another way. Never fails: what is left is removed once nobody needs it.</summary>
    public async Task Close(StreamPath path, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(path))
        {
            try
            {
                await Remove(path, cancellationToken);
            }
            catch (MediaMtxException)
            {
                // The sweep comes again.
            }
        }
    }

    /// <summary>All outputs that are kept at the media server, by whichever silo.</summary>
    /// <exception cref="MediaMtxException">It could not be asked.</exception>
    public async Task<IReadOnlyList<StreamPath>> List(CancellationToken cancellationToken)
    {
        string[] before = [.. _known.Keys.Select(static path => path.ToString())];
        (StreamPath Path, string File)[] ours = [.. (await paths.ListKept(cancellationToken)).Where(static kept => SlateFiles.IsOurs(kept.File))];
        foreach ((StreamPath path, string file) in ours)
        {
            _known[path] = file;
        }

        HashSet<string> there = [.. ours.Select(static kept => kept.Path.ToString())];
        foreach (StreamPath gone in _known.Keys.Where(path => before.Contains(path.ToString()) && !there.Contains(path.ToString())))
        {
            _known.TryRemove(gone, out _); // The media server has restarted.
        }

        return [.. ours.Select(static kept => kept.Path)];
    }

    /// <summary>Removes an output that no stream needs any more, unless somebody publishes it.</summary>
    /// <returns>Whether it was removed.</returns>
    /// <exception cref="MediaMtxException">The media server could not be asked.</exception>
    public async Task<bool> RemoveIdle(StreamPath path, CancellationToken cancellationToken)
    {
        PathLookup lookup = await media.FindPath(path, cancellationToken);
        if (!lookup.IsKnown || lookup.View is not null)
        {
            return false;
        }

        await Remove(path, cancellationToken);
        return true;
    }

    private async Task Remove(StreamPath path, CancellationToken cancellationToken)
    {
        await paths.Remove(path, cancellationToken);
        _known.TryRemove(path, out _);
    }

    /// <summary>What is in the way of adding a path; null for nothing.</summary>
    private async Task<string?> FindObstacle(StreamPath path, CancellationToken cancellationToken)
    {
        string? version = await media.FindVersion(cancellationToken);
        return MediaMtxVersion.TryParse(version, out MediaMtxVersion known) && known < MediaMtxVersion.KeptPaths
            ? $"MediaMTX {version} cannot keep outputs: {MediaMtxVersion.KeptPaths} and later can"
            // From the list: MediaMTX logs a question for a path that is not there as an error.
            : (await media.ListLivePaths(cancellationToken)).Any(live => live.Path == path) && (await paths.FindFile(path, cancellationToken)) is null
                ? $"somebody publishes {path}, and would be dropped: it is kept from the next start on at which nobody does"
                : null;
    }

    /// <summary>Brings a path that is configured already, or was, in line with what is wanted.</summary>
    private async Task<StreamContinuity> Match(StreamPath path, string slate, string? shown, CancellationToken cancellationToken)
    {
        if (shown == slate)
        {
            return new StreamContinuity(ContinuityState.Kept);
        }

        if (shown is not null && SlateFiles.IsOurs(shown) && SlateFiles.HaveSameTracks(shown, slate))
        {
            return new StreamContinuity(ContinuityState.Kept, "Readers see the slate with which the output was added, so that none has to connect anew; the present one comes with the next broadcast.");
        }

        if (shown is not null && !SlateFiles.IsOurs(shown))
        {
            return new StreamContinuity(ContinuityState.Unavailable, $"{path} is configured at the media server by somebody else");
        }

        if (shown is not null)
        {
            await paths.Remove(path, cancellationToken);
        }

        return !await paths.Add(path, slate, cancellationToken) ? new StreamContinuity(ContinuityState.Unavailable, $"{path} is configured at the media server by somebody else")
            : shown is null ? new StreamContinuity(ContinuityState.Kept)
            : new StreamContinuity(ContinuityState.Kept, $"Its tracks have changed ({SlateFiles.Describe(shown)} before, {SlateFiles.Describe(slate)} now): readers had to connect anew.");
    }
}

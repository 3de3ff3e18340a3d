using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Hooks;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>Who publishes where, and who reads. Every change happens under one lock and does no waiting.</summary>
internal sealed class PathManager(
    PathNames names, Authenticator authenticator, HookRunner hooks, FaultPlan faults, ServerLog log, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MediaPath> _paths = new(StringComparer.Ordinal);

    /// <summary>Whether somebody may use a path.</summary>
    public async ValueTask<AccessAnswer> Authorize(AccessRequest request, CancellationToken cancellation)
    {
        if (names.Find(request.Path, out string error) is not PathMatch match)
        {
            return new AccessAnswer(null, error, IsDenied: false);
        }

        return await authenticator.FindRefusal(request, cancellation) is { } refusal
            ? new AccessAnswer(null, $"failed to authenticate: {refusal}", IsDenied: true)
            : new AccessAnswer(match, "", IsDenied: false);
    }

    /// <summary>Makes a stream available, in place of the present one if there is any.</summary>
    /// <returns>The stream to write to; null and the reason when the path does not allow it.</returns>
    public (MediaStream? Stream, string Error) Publish(
        string name, PathMatch match, IPathUser publisher, string query, IReadOnlyList<Track> tracks)
    {
        lock (_gate)
        {
            MediaPath path = GetOrAdd(name, match);
            if (path.Publisher is not null)
            {
                if (!path.Config.OverridePublisher)
                {
                    return (null, $"someone is already publishing to path '{name}'");
                }

                log.Info($"[path {name}] closing existing publisher");
                path.Publisher.Terminate();
                End(path);
            }

            path.Publisher = publisher;
            path.Stream = new MediaStream(tracks, () => faults.IsPublisherFrozen(name), clock);
            path.AvailableSince = clock.GetUtcNow();
            path.Hook = hooks.Available(path, publisher, query);
            log.Info($"[path {name}] stream is available and online, {TrackLabels.Describe(tracks)}");
            return (path.Stream, "");
        }
    }

    /// <summary>Ends a publisher's stream; nothing happens when another publisher has taken the path over.</summary>
    public void Unpublish(string name, IPathUser publisher)
    {
        lock (_gate)
        {
            if (_paths.TryGetValue(name, out MediaPath? path) && path.Publisher == publisher)
            {
                End(path);
                ForgetIfIdle(path);
            }
        }
    }

    /// <summary>Adds a reader.</summary>
    /// <returns>The stream to read; null and the reason when there is none.</returns>
    public (MediaStream? Stream, string Error) Read(string name, IPathUser? reader)
    {
        lock (_gate)
        {
            if (!_paths.TryGetValue(name, out MediaPath? path) || path.Stream is null)
            {
                return (null, NoStream(name));
            }

            if (reader is not null && !path.Readers.Contains(reader))
            {
                if (path.Config.MaxReaders > 0 && path.Readers.Count >= path.Config.MaxReaders)
                {
                    return (null, "maximum reader count reached");
                }

                path.Readers.Add(reader);
            }

            return (path.Stream, "");
        }
    }

    public void StopReading(string name, IPathUser reader)
    {
        lock (_gate)
        {
            if (_paths.TryGetValue(name, out MediaPath? path) && path.Readers.Remove(reader))
            {
                ForgetIfIdle(path);
            }
        }
    }

    /// <summary>All paths, by name.</summary>
    public IReadOnlyList<PathSnapshot> Snapshot()
    {
        lock (_gate)
        {
            return [.. _paths.Values.Select(Snapshot)];
        }
    }

    /// <summary>Ends every stream, as a shutdown does.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            foreach (MediaPath path in _paths.Values.Where(path => path.Stream is not null).ToList())
            {
                path.Publisher?.Terminate();
                End(path);
            }

            _paths.Clear();
        }
    }

    public static string NoStream(string name) => $"no stream is available on path '{name}'";

    private static PathSnapshot Snapshot(MediaPath path) => new(
        path.Name,
        path.Config.Name,
        path.Stream is null ? null : path.AvailableSince,
        path.Publisher?.Kind,
        path.Publisher?.Id ?? default,
        path.Stream is null ? [] : [.. path.Stream.Tracks],
        [.. path.Readers.Select(reader => (reader.Kind, reader.Id)).OrderBy(reader => reader.Kind, StringComparer.Ordinal).ThenBy(reader => reader.Id)],
        path.Stream?.InboundBytes ?? 0,
        path.Stream?.OutboundBytes ?? 0);

    private MediaPath GetOrAdd(string name, PathMatch match)
    {
        if (!_paths.TryGetValue(name, out MediaPath? path))
        {
            _paths[name] = path = new MediaPath(name, match);
        }

        return path;
    }

    // The order of MediaMTX: first the readers go, then the hooks are told.
    private static void End(MediaPath path)
    {
        foreach (IPathUser reader in path.Readers)
        {
            reader.Terminate();
        }

        path.Readers.Clear();
        path.Hook?.End();
        path.Hook = null;
        path.Stream = null;
        path.Publisher = null;
    }

    private void ForgetIfIdle(MediaPath path)
    {
        if (path.Publisher is null && path.Readers.Count == 0 && path.Config.Pattern is not null)
        {
            _paths.Remove(path.Name);
        }
    }
}

/// <summary>The answer to <see cref="PathManager.Authorize"/>.</summary>
/// <param name="Match">The path's configuration; null when access is refused.</param>
/// <param name="Error">Why it is refused.</param>
/// <param name="IsDenied">Whether for the credentials, and not because there is no such path.</param>
internal sealed record AccessAnswer(PathMatch? Match, string Error, bool IsDenied);

using System.Diagnostics.CodeAnalysis;
using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Paths;

/// <summary>The paths there are, and what is pulled for them. <see cref="PathManager"/> calls it under its lock.</summary>
/// <param name="services">What paths need.</param>
/// <param name="owner">Hears from what is pulled.</param>
/// <param name="forwarding">Publishes paths elsewhere.</param>
/// <param name="locked">Runs something under the manager's lock.</param>
internal sealed class PathSet(PathServices services, ISourceOwner owner, IForwarding forwarding, Action<Action> locked)
{
    private readonly SortedDictionary<string, MediaPath> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<MediaPath, OnDemandSource> _onDemand = [];

    /// <summary>All paths, by name.</summary>
    public IReadOnlyCollection<MediaPath> All => _paths.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out MediaPath? path) => _paths.TryGetValue(name, out path);

    /// <summary>What pulls a path while it has readers; null for one that is not pulled so.</summary>
    public OnDemandSource? OnDemand(MediaPath path) => _onDemand.GetValueOrDefault(path);

    /// <summary>Finds a path, or opens it.</summary>
    /// <param name="query">The query of the first reader, for the URL that is pulled.</param>
    public MediaPath GetOrOpen(string name, PathMatch match, string query = "") =>
        TryGet(name, out MediaPath? path) ? path : Open(name, match, query);

    /// <summary>Ends a path with all that uses it.</summary>
    public void Close(MediaPath path)
    {
        if (_onDemand.Remove(path, out OnDemandSource? source))
        {
            source.Stop("path is closing", "terminated");
        }

        Stop(path, "path is closing");
        path.Publisher?.Terminate();
        path.EndStream();
        path.Publisher = null;
        _paths.Remove(path.Name);
    }

    /// <summary>Forgets a path with which nothing would be lost.</summary>
    public void ForgetIfIdle(MediaPath path)
    {
        if (path.IsIdle)
        {
            _paths.Remove(path.Name);
        }
    }

    private MediaPath Open(string name, PathMatch match, string query)
    {
        MediaPath path = _paths[name] = new MediaPath(name, match, services, forwarding);
        path.Open();
        PathConfig config = match.Config;
        if (config.SourceOnDemand)
        {
            _onDemand[path] = new OnDemandSource(
                path, services.Clock, locked, () => Start(path, match.SourceUrl(query), " on demand"), reason => Stop(path, reason));
        }
        else if (config.HasStaticSource)
        {
            Start(path, match.SourceUrl(query), "");
        }

        return path;
    }

    private void Start(MediaPath path, string url, string how)
    {
        services.Log.Info($"[path {path.Name}] [RTSP source] started{how}");
        path.Source = services.Sources.Start(path.Name, path.Config, url, owner);
    }

    private static void Stop(MediaPath path, string reason)
    {
        path.Source?.Log($"stopped: {reason}");
        path.Source?.Terminate();
        path.Source = null;
    }
}

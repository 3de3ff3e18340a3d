using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>Who publishes where, and who reads. Every change happens under one lock and does no waiting.</summary>
internal sealed class PathManager : ISourceOwner, IForwarding
{
    private readonly Lock _gate = new();
    private readonly PathSettings _settings;
    private readonly PathNames _names;
    private readonly Authenticator _authenticator;
    private readonly PathServices _services;
    private readonly PathSet _paths;

    public PathManager(PathSettings settings, PathNames names, Authenticator authenticator, PathServices services)
    {
        _settings = settings;
        _names = names;
        _authenticator = authenticator;
        _services = services;
        _paths = new PathSet(services, this, this, Locked);
    }

    /// <summary>Makes the paths that are there before anybody comes. Called again after a change of the settings, it ends those whose configuration went or changed.</summary>
    public void Load()
    {
        lock (_gate)
        {
            foreach (MediaPath path in _paths.All.ToList())
            {
                PathConfig? config = _names.Find(path.Name, out string _)?.Config;
                if (config?.Fingerprint == path.Config.Fingerprint)
                {
                    path.Config = config;
                    path.Forward();
                }
                else
                {
                    _paths.Close(path);
                }
            }

            foreach (PathConfig config in _settings.Configs.Where(config => config.Pattern is null))
            {
                _paths.GetOrOpen(config.Name, new PathMatch(config, []));
            }
        }
    }

    /// <summary>Whether somebody may use a path.</summary>
    public async ValueTask<AccessAnswer> Authorize(AccessRequest request, CancellationToken cancellation)
    {
        if (_names.Find(request.Path, out string error) is not PathMatch match)
        {
            return new AccessAnswer(null, error, IsDenied: false);
        }

        return await _authenticator.FindRefusal(request, cancellation) is { } refusal
            ? new AccessAnswer(null, $"{_settings.Version.Refused}: {refusal}", IsDenied: true)
            : new AccessAnswer(match, "", IsDenied: false);
    }

    /// <summary>Lets a publisher write, in place of the present one if there is any.</summary>
    /// <returns>What to write to; null and the reason when the path does not allow it.</returns>
    public (MediaInput? Input, string Error) Publish(
        string name, PathMatch match, IPathUser publisher, string query, IReadOnlyList<Track> tracks)
    {
        lock (_gate)
        {
            if (_names.Find(name, out string error) is not PathMatch now)
            {
                return (null, error);
            }

            if (now.Config.Name != match.Config.Name || now.Config.Fingerprint != match.Config.Fingerprint)
            {
                return (null, "configuration has changed");
            }

            if (now.Config.HasStaticSource)
            {
                return (null, $"can't publish to path '{name}' since 'source' is not 'publisher'");
            }

            MediaPath path = _paths.GetOrOpen(name, now);
            if (path.Publisher is not null && !TryRemovePublisher(path))
            {
                return (null, $"someone is already publishing to path '{name}'");
            }

            (MediaInput? input, error) = path.Begin(publisher, query, tracks);
            if (input is not null)
            {
                path.Publisher = publisher;
                publisher.Log($"is publishing to path '{name}'");
                BecomeOnlineIfKept(path, publisher, query);
            }

            _paths.ForgetIfIdle(path);
            return (input, error);
        }
    }

    /// <summary>Ends what a publisher wrote; nothing happens when another publisher has taken the path over.</summary>
    public void Unpublish(string name, IPathUser publisher)
    {
        lock (_gate)
        {
            if (_paths.TryGet(name, out MediaPath? path) && path.Publisher == publisher)
            {
                path.EndInput();
                path.Publisher = null;
                _paths.ForgetIfIdle(path);
            }
        }
    }

    /// <inheritdoc/>
    public (MediaInput? Input, string Error) SourceReady(string name, IPathUser source, IReadOnlyList<Track> tracks)
    {
        lock (_gate)
        {
            if (!_paths.TryGet(name, out MediaPath? path) || path.Source != source)
            {
                return (null, "terminated");
            }

            (MediaInput? input, string error) = path.Begin(source, "", tracks);
            if (input is not null)
            {
                BecomeOnlineIfKept(path, source, "");
                _paths.OnDemand(path)?.Ready();
            }

            return (input, error);
        }
    }

    /// <inheritdoc/>
    public void SourceNotReady(string name, IPathUser source)
    {
        lock (_gate)
        {
            if (_paths.TryGet(name, out MediaPath? path) && path.Source == source)
            {
                path.EndInput();
                _paths.OnDemand(path)?.Stop("an error occurred", "terminated");
            }
        }
    }

    /// <summary>Adds a reader, after the source that is pulled on demand is there.</summary>
    /// <param name="reader">Who; null to only look.</param>
    /// <param name="query">What the reader asked with.</param>
    /// <returns>The stream to read; null and the reason when there is none.</returns>
    public async ValueTask<(MediaStream? Stream, string Error)> Read(
        string name, PathMatch match, IPathUser? reader, string query, CancellationToken cancellation)
    {
        while (true)
        {
            Task<string> wanted;
            lock (_gate)
            {
                if (!_paths.TryGet(name, out MediaPath? path) && match.Config.SourceOnDemand)
                {
                    path = _paths.GetOrOpen(name, match, query);
                }

                if (path?.Stream is not null)
                {
                    return AddReader(path, reader);
                }

                if (path is null || _paths.OnDemand(path) is not OnDemandSource source)
                {
                    return (null, NoStream(name));
                }

                wanted = source.Want();
            }

            string error = await wanted.WaitAsync(cancellation);
            if (error.Length > 0)
            {
                return (null, error);
            }
        }
    }

    public void StopReading(string name, IPathUser reader)
    {
        lock (_gate)
        {
            if (_paths.TryGet(name, out MediaPath? path) && path.Readers.Remove(reader))
            {
                _paths.OnDemand(path)?.ReaderLeft();
                _paths.ForgetIfIdle(path);
            }
        }
    }

    /// <inheritdoc/>
    public Forwarder Start(string path, string destination, MediaStream stream)
    {
        Forwarder forwarder = new(path, destination, stream, this, _services.Log, _services.Clock);
        forwarder.Start();
        return forwarder;
    }

    /// <summary>All paths, by name.</summary>
    public IReadOnlyList<PathSnapshot> Snapshot()
    {
        lock (_gate)
        {
            return [.. _paths.All.Select(path => path.Snapshot())];
        }
    }

    /// <summary>Ends every stream, as a shutdown does.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            foreach (MediaPath path in _paths.All.ToList())
            {
                _paths.Close(path);
            }
        }
    }

    public static string NoStream(string name) => $"no stream is available on path '{name}'";

    private (MediaStream? Stream, string Error) AddReader(MediaPath path, IPathUser? reader)
    {
        if (reader is not null && !path.Readers.Contains(reader))
        {
            if (path.Config.MaxReaders > 0 && path.Readers.Count >= path.Config.MaxReaders)
            {
                return (null, "maximum reader count reached");
            }

            path.Readers.Add(reader);
            _paths.OnDemand(path)?.ReaderCame();
        }

        return (path.Stream, "");
    }

    private bool TryRemovePublisher(MediaPath path)
    {
        if (!path.Config.OverridePublisher)
        {
            return false;
        }

        _services.Log.Info($"[path {path.Name}] closing existing publisher");
        path.Publisher?.Terminate();
        path.EndInput();
        path.Publisher = null;
        return true;
    }

    private static void BecomeOnlineIfKept(MediaPath path, IPathUser source, string query)
    {
        if (path.Config.AlwaysAvailable)
        {
            path.BecomeOnline(source, query);
        }
    }

    private void Locked(Action action)
    {
        lock (_gate)
        {
            action();
        }
    }
}

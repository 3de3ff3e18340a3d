using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Hooks;
using MediaMtx.Standin.Media;
using MediaMtx.Standin.Slates;

namespace MediaMtx.Standin.Paths;

/// <summary>A path with its present stream. <see cref="PathManager"/> makes, changes and forgets it under its lock.</summary>
internal sealed class MediaPath(string name, PathMatch match, PathServices services, IForwarding forwarding)
{
    private DateTimeOffset _availableSince;
    private DateTimeOffset _onlineSince;
    private RunningHooks? _available;
    private RunningHooks? _online;
    private SlatePlayer? _slate;
    private readonly List<Forwarder> _forwarders = [];

    public string Name => name;

    public PathConfig Config { get; set; } = match.Config;

    public IReadOnlyList<string> Groups => match.Groups;

    /// <summary>Who publishes it.</summary>
    public IPathUser? Publisher { get; set; }

    /// <summary>What is pulled for it; null when it is not pulled, or not now.</summary>
    public IPathUser? Source { get; set; }

    public MediaStream? Stream { get; private set; }

    /// <summary>Who reads.</summary>
    public List<IPathUser> Readers { get; } = [];

    /// <summary>Whether nothing would be lost with it.</summary>
    public bool IsIdle => Publisher is null && Readers.Count == 0 && Config is { Pattern: not null, HasStaticSource: false };

    public PathSnapshot Snapshot() => new(
        name,
        Config.Name,
        Stream is null ? null : _availableSince,
        _online is not null || (HasSource && !Config.AlwaysAvailable),
        _onlineSince,
        Publisher is not null ? (Publisher.Kind, Publisher.Id) : Config.HasStaticSource ? (StaticKind, "") : null,
        Stream is null ? [] : [.. Stream.Tracks],
        [.. Readers.Select(reader => (reader.Kind, reader.Id)).OrderBy(reader => reader.Kind, StringComparer.Ordinal).ThenBy(reader => reader.Id, StringComparer.Ordinal)],
        Stream?.InboundBytes ?? 0,
        Stream?.OutboundBytes ?? 0);

    private const string StaticKind = "rtspSource";

    private bool HasSource => Publisher is not null || Config.HasStaticSource;

    /// <summary>Begins what a path has before anybody comes: the slate of one that is always available.</summary>
    public void Open()
    {
        if (Config.AlwaysAvailable)
        {
            Slate slate = SlateSource.Make(Config);
            BecomeAvailable(null, "", slate.Tracks);
            PlaySlate(slate);
        }
    }

    /// <summary>Lets a source write: to a stream of its own, or to the one that is kept.</summary>
    /// <returns>What to write to; null and the reason when its tracks are not those of the kept stream.</returns>
    public (MediaInput? Input, string Error) Begin(IPathUser source, string query, IReadOnlyList<Track> tracks)
    {
        if (!Config.AlwaysAvailable)
        {
            BecomeAvailable(source, query, tracks);
            MediaInput input = Stream!.Begin(tracks);
            return (input, "");
        }

        if (TrackMatch.FindMismatch(Stream!.Tracks, tracks) is string mismatch)
        {
            return (null, mismatch);
        }

        if (_slate is not null)
        {
            services.Log.Info($"[path {name}] stream is online");
            _slate.Stop();
            _slate = null;
        }

        return (Stream.Begin(tracks), "");
    }

    /// <summary>Tells that the source of a kept stream writes now.</summary>
    public void BecomeOnline(IPathUser source, string query)
    {
        BecomeOffline();
        _online = services.Hooks.Start(this, Config.OnOnline, source, query);
        _onlineSince = services.Clock.GetUtcNow();
    }

    /// <summary>Ends what a source wrote: the stream with it, or only its part of the one that is kept.</summary>
    public void EndInput()
    {
        if (!Config.AlwaysAvailable)
        {
            EndStream();
            return;
        }

        BecomeOffline();
        PlaySlate(SlateSource.MakeOrDie(Config));
    }

    /// <summary>Ends the stream and its readers. The order is MediaMTX's: first the readers go, then the hooks are told.</summary>
    public void EndStream()
    {
        _slate?.Stop();
        _slate = null;
        BecomeOffline();
        foreach (IPathUser reader in Readers)
        {
            reader.Terminate();
        }

        Readers.Clear();
        _available?.End();
        _available = null;
        Stream = null;
        Forward();
    }

    /// <summary>Has the stream published where the configuration says, while there is one.</summary>
    public void Forward()
    {
        string[] wanted = Stream is null ? [] : [.. Config.Forward];
        foreach (Forwarder unwanted in _forwarders.Where(forwarder => !wanted.Contains(forwarder.Destination)).ToList())
        {
            unwanted.Terminate();
            _forwarders.Remove(unwanted);
        }

        _forwarders.AddRange(wanted.Where(url => _forwarders.All(forwarder => forwarder.Destination != url)).Select(url => forwarding.Start(name, url, Stream!)));
    }

    private void BecomeAvailable(IPathUser? source, string query, IReadOnlyList<Track> tracks)
    {
        Stream = new MediaStream(tracks, () => services.Faults.IsPublisherFrozen(name), services.Clock);
        _availableSince = services.Clock.GetUtcNow();
        _available = services.Hooks.Start(this, Config.OnAvailable, source, query);
        if (source is not null)
        {
            BecomeOnline(source, query);
        }

        string state = source is null ? "available" : "available and online";
        services.Log.Info($"[path {name}] stream is {state}, {TrackLabels.Describe(tracks)}");
        Forward();
    }

    private void BecomeOffline()
    {
        _online?.End();
        _online = null;
    }

    private void PlaySlate(Slate slate) => _slate = SlatePlayer.Start(slate, Stream!.Begin(slate.Tracks), services.Clock);
}

namespace Streams.Testing.Cluster;

/// <summary>How a test wants its cluster.</summary>
public sealed record ClusterOptions
{
    /// <summary>Which media servers.</summary>
    public MediaServerKind Kind { get; init; } = MediaServerKind.Standin;

    /// <summary>How many silos.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>How many of them, the last ones, run no workers, and only answer.</summary>
    public int SilosWithoutWorkers { get; init; }

    /// <summary>The names of the media servers.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = ["a", "b"];

    /// <summary>More settings of all silos, by their names in the environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the media servers ask the silos who may publish (<c>STREAMS_MEDIA_AUTH=http</c>); publishers then give <see cref="ClosedSystem.PublishKey"/>.</summary>
    public bool AsksStreams { get; init; }

    /// <summary>Whether the silos have Orleans' own times for membership, to compare with.</summary>
    public bool HasOrleansMembership { get; init; }

    /// <summary>Whether the connections of workers to the media servers go through proxies too: that costs processor time for each of their packets.</summary>
    public bool CanCutWorkers { get; init; }

    /// <summary>How long a supervisor waits before it starts a silo again.</summary>
    public TimeSpan RestartAfter { get; init; } = TimeSpan.FromSeconds(1);
}

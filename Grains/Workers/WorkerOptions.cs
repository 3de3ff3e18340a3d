namespace Streams.Grains.Workers;

/// <summary>How workers run. Section <c>Streams:Workers</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Workers";

    /// <summary>The profile of a stream for which nobody chose another. Default <c>passthrough</c>.</summary>
    public string DefaultProfile { get; set; } = "passthrough";

    /// <summary>
    /// How long a worker may take to end after the polite signal before its group is killed. Default 5 s; 0.1 s to 60 s. The time in which
    /// the silo ends follows from it.
    /// </summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that the end of a worker takes: its grace, and the kill of its whole group.</summary>
    public TimeSpan LongestEnd => StopGrace + Worker.LongestKill;

    /// <summary>A worker without progress for this long, while its input delivers, hangs and is replaced. Default 5 s; 1 s to 10 min.</summary>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same for the time to its first progress. Default 15 s; 1 s to 10 min. Longer than <see cref="StallAfter"/> since a copy
    /// cannot begin before the first key frame, and encoders send one every 2 to 10 s.
    /// </summary>
    public TimeSpan StartWithin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many workers this silo carries, if each takes one slot (<see cref="WorkerProfile.Slots"/>); more wait in order. Default 100; 0 to 10,000. 0, in a cluster only: API and grains without
    /// workers.
    /// </summary>
    public int MaxWorkers { get; set; } = 100;

    /// <summary>How many workers may be in their start at the same time; more wait in order. Default 8; 1 to 1,000.</summary>
    public int MaxConcurrentStarts { get; set; } = 8;

    /// <summary>How many of a worker's last lines are kept. Default 40; 1 to 1,000.</summary>
    public int LogTailLines { get; set; } = 40;

    /// <summary>How many of a worker's lines are logged each second; more are counted and left out. Default 20; 1 to 10,000.</summary>
    public int MaxLogLinesPerSecond { get; set; } = 20;

    /// <summary>Variables of the silo's own environment that every worker gets beside the usual ones, by name. Default none.</summary>
    public List<string> PassEnvironment { get; set; } = [];

    /// <summary>The folder with a file for each secret that profiles use, named as the secret. Default none: secrets come from the environment.</summary>
    public string SecretsFolder { get; set; } = "";

    /// <summary>The profiles by name.</summary>
    public Dictionary<string, WorkerProfile> Profiles { get; set; } = new(StringComparer.Ordinal);
}

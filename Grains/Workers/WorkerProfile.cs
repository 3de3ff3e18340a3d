using Streams.Grains.Continuity;
using Streams.Grains.Workers.Progress;

namespace Streams.Grains.Workers;

/// <summary>
/// A kind of worker, as data: a program and its arguments, never a shell. In an argument, <c>{input}</c>, <c>{output}</c> (RTMP),
/// <c>{output.rtsp}</c>, <c>{streamId}</c>, <c>{query.NAME}</c>, <c>{secret.NAME}</c> and those of docs/workers.md are replaced; a value never makes a second argument.
/// </summary>
public sealed class WorkerProfile
{
    /// <summary>The program, by name (searched on the PATH) or absolute path.</summary>
    public string Program { get; set; } = "";

    /// <summary>Its arguments, one item each.</summary>
    public List<string> Arguments { get; set; } = [];

    /// <summary>
    /// How it writes which tracks: the first that carries all tracks of the input is used, and its arguments follow <see cref="Arguments"/>; should
    /// nothing of it arrive, the next try uses the next that carries them. An input that none carries is refused. Default none: any input is taken.
    /// </summary>
    public List<WorkerOutput> Outputs { get; set; } = [];

    /// <summary>The first version of <see cref="Program"/> that handles a codec, by codec, for example <c>AV1: 8.0</c>. Default none.</summary>
    public Dictionary<string, string> Since { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Variables of its environment beside the few that every worker has; placeholders are replaced as in arguments. Default none.</summary>
    public Dictionary<string, string> Environment { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Variables of the silo's own environment that it gets too, by name. Default none.</summary>
    public List<string> PassEnvironment { get; set; } = [];

    /// <summary>How it reports progress. Default <see cref="ProgressFormat.Ffmpeg"/>.</summary>
    public ProgressFormat Progress { get; set; } = ProgressFormat.Ffmpeg;

    /// <summary>
    /// The profile that the audience gets while the worker of this one is down or failed, for example <c>passthrough</c>: the original voice instead of a still picture. It
    /// must write the stream's output, with the same tracks where that is kept, and have no fallback itself. Default empty: none.
    /// </summary>
    public string Fallback { get; set; } = "";

    /// <summary>How many of a silo's slots (<see cref="WorkerOptions.MaxWorkers"/>) a worker takes: more for one that encodes. Default 1; 1 to 1,000.</summary>
    public int Slots { get; set; } = 1;

    /// <summary>
    /// Whether a run must have ended before the next one starts, for programs that use something that only one can have. Default false: a restart, a
    /// change of profile and a drain start the next run first, if the profile publishes the stream's output.
    /// </summary>
    public bool StopFirst { get; set; }

    /// <summary>Whether its next run may start while the former works: MediaMTX hands the output over.</summary>
    internal bool MayOverlap => !StopFirst && WritesOutput;

    /// <summary>Whether it writes the stream's output.</summary>
    internal bool WritesOutput => PlaceholderValues.NamesIn(Arguments.Concat(Outputs.SelectMany(static output => output.Arguments)).Concat(Environment.Values))
        .Any(static name => name is PlaceholderValues.Output or PlaceholderValues.OutputRtsp);

    /// <summary>Whether outputs of its workers are kept. Default: what <see cref="ContinuityOptions.Mode"/> says.</summary>
    public ContinuityMode? Continuity { get; set; }

    /// <summary>What readers of its workers' kept outputs see meanwhile. Default: what <see cref="ContinuityOptions.Slate"/> says.</summary>
    public SlateKind? Slate { get; set; }

    /// <summary>Its own card. Default empty: <see cref="ContinuityOptions.SlateCard"/>.</summary>
    public string SlateCard { get; set; } = "";

    /// <summary>
    /// Whether a second worker waits on another silo, to take the output over when the first is gone. It needs a kept output and a cluster; where it cannot be had, the stream
    /// works without. Default <see cref="StandbyMode.None"/>.
    /// </summary>
    public StandbyMode Standby { get; set; } = StandbyMode.None;

    /// <summary>Which parts of the publisher's query an argument may use, by name. Default none.</summary>
    public Dictionary<string, QueryParameter> Query { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>A part of the publisher's query that a profile uses.</summary>
public sealed class QueryParameter
{
    /// <summary>The regular expression that a whole value must match. Default <c>[A-Za-z0-9_][A-Za-z0-9_-]{0,63}</c>.</summary>
    public string Pattern { get; set; } = "[A-Za-z0-9_][A-Za-z0-9_-]{0,63}";

    /// <summary>The value when the publisher gives none; null makes the parameter required.</summary>
    public string? Default { get; set; }
}

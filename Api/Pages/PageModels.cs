using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>Data that every page needs, whatever it shows.</summary>
public sealed record PageFrame
{
    /// <summary>The time at which the page was made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Where the service's paths begin, for example <c>/streams</c>; empty for the root of the host.</summary>
    public required string Root { get; init; }

    /// <summary>The origins of the media servers' HLS players for this browser, by the names of the media servers; those without are left out.</summary>
    public required IReadOnlyDictionary<string, string> Previews { get; init; }

    /// <summary>The media servers, in the order of the configuration.</summary>
    public required IReadOnlyList<string> MediaNodes { get; init; }

    /// <summary>Whether the user may send commands.</summary>
    public required bool MayCommand { get; init; }

    /// <summary>Who has signed in; null without a session.</summary>
    public PageSession? Session { get; init; }

    /// <summary>The link to a path of the service.</summary>
    /// <param name="path">It, from <c>/</c> on.</param>
    internal string At(string path) => Root + path;
}

/// <summary>A session in a browser.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="AntiForgery">The anti-forgery token of the form that ends it.</param>
public sealed record PageSession(string Name, string AntiForgery);

/// <summary>The nodes, or why they are not known.</summary>
/// <param name="Nodes">The nodes; null when they are not known.</param>
/// <param name="Problem">Why not.</param>
public sealed record NodesModel(NodesView? Nodes, string? Problem)
{
    /// <summary>What every page needs; null where nothing of the nodes is offered.</summary>
    public PageFrame? Frame { get; init; }

    /// <summary>Whether the user may drain a silo: there is another that can take its streams.</summary>
    internal bool MayDrain => Frame is { MayCommand: true } && Nodes is { Silos.Count: > 1 };
}

/// <summary>A drain that waits for confirmation.</summary>
public sealed record DrainModel
{
    /// <summary>What every page needs.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The silo's name or address.</summary>
    public required string Silo { get; init; }

    /// <summary>The form's anti-forgery token.</summary>
    public required string AntiForgery { get; init; }

    /// <summary>Why the drain was refused; null when it was not sent yet.</summary>
    public string? Refusal { get; init; }
}

/// <summary>The page of all streams.</summary>
public sealed record StreamsModel
{
    /// <summary>What every page needs.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The nodes.</summary>
    public required NodesModel Nodes { get; init; }

    /// <summary>The streams asked for.</summary>
    public required StreamsListModel List { get; init; }
}

/// <summary>A page of the list of streams, and what is asked for.</summary>
public sealed record StreamsListModel
{
    /// <summary>The order unless another is asked for.</summary>
    public const string DefaultSort = "id";

    /// <summary>What every page needs.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The streams of the page, in order.</summary>
    public required IReadOnlyList<StreamSummary> Streams { get; init; }

    /// <summary>How many streams fit, on all pages.</summary>
    public required int Total { get; init; }

    /// <summary>How many streams with <see cref="Search"/> in their id are in each phase; phases without are left out.</summary>
    public required IReadOnlyList<PhaseCount> Counts { get; init; }

    /// <summary>Which page, from 0.</summary>
    public int Page { get; init; }

    /// <summary>How many pages there are.</summary>
    public int PageCount { get; init; }

    /// <summary>How many streams come before the first of the page.</summary>
    public long First { get; init; }

    /// <summary>Only streams in this phase are wanted; null for all.</summary>
    public StreamPhase? Phase { get; init; }

    /// <summary>Only streams with this in their id are wanted; empty for all.</summary>
    public string Search { get; init; } = "";

    /// <summary>The order, with a minus before it for the other direction.</summary>
    public string Sort { get; init; } = DefaultSort;

    /// <summary>Why only the active streams are shown; null when all that fit are.</summary>
    public string? Problem { get; init; }
}

/// <summary>One stream with its past.</summary>
public sealed record StreamModel
{
    /// <summary>What every page needs.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The stream now.</summary>
    public required StreamView Stream { get; init; }

    /// <summary>The stream at a glance.</summary>
    public required StreamSummary Summary { get; init; }

    /// <summary>What the audience got over the last day.</summary>
    public required AudienceDayView Day { get; init; }

    /// <summary>What happened, newest first.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    /// <summary>The store, when it cannot be used; else null.</summary>
    public StoreView? StoreProblem { get; init; }

    /// <summary>What is missing in the timeline, and why; null when it is whole.</summary>
    public string? TimelineProblem { get; init; }

    /// <summary>The last failure of a worker that the stream still knows; null for none.</summary>
    public StreamFailure? Failure { get; init; }
}

/// <summary>A command that waits for confirmation.</summary>
public sealed record CommandModel
{
    /// <summary>What every page needs.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The stream.</summary>
    public required string StreamId { get; init; }

    /// <summary>The command.</summary>
    public required PageCommand Command { get; init; }

    /// <summary>The form's anti-forgery token.</summary>
    public required string AntiForgery { get; init; }

    /// <summary>The profiles to choose from; none when they are not known.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>The profile of a stream for which nobody chose another.</summary>
    public string DefaultProfile { get; init; } = "";

    /// <summary>Whether anything was ever heard of the stream: a profile can be chosen before its first publish.</summary>
    public bool IsSeen { get; init; } = true;

    /// <summary>The profile that the stream has.</summary>
    public string? Profile { get; init; }

    /// <summary>Why the command was refused; null when it was not sent yet.</summary>
    public string? Refusal { get; init; }
}

namespace Streams;

/// <summary>A part of the day in which a stream's output showed one thing. It lasts until the next part begins.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Shows">What the output showed; of a joined part what it showed for longest.</param>
[GenerateSerializer, Immutable, Alias("Streams.OutputSpan")]
public sealed record OutputSpan([property: Id(0)] DateTimeOffset Since, [property: Id(1)] OutputShows Shows)
{
    /// <summary>Set when shorter parts were joined into this one, so that the record stays small; null for a part that is exact.</summary>
    [Id(2)] public JoinedSpans? Joined { get; init; }
}

/// <summary>What was lost of parts of the day that were joined into one.</summary>
/// <param name="Changes">How often the output changed within it.</param>
/// <param name="Away">For how long of it nobody published the output.</param>
[GenerateSerializer, Immutable, Alias("Streams.JoinedSpans")]
public sealed record JoinedSpans([property: Id(0)] int Changes, [property: Id(1)] TimeSpan Away);

/// <summary>What a stream's output shows to its audience. From the worst to the best, of what is there at all.</summary>
public enum OutputShows
{
    /// <summary>Nothing, and nothing should be there: nobody publishes the input.</summary>
    Offline,

    /// <summary>Nothing: an operator has stopped the stream.</summary>
    Stopped,

    /// <summary>Nothing, although the input is live: readers are disconnected, or get no more data.</summary>
    Dark,

    /// <summary>The slate: nobody publishes the output, and its readers stay connected.</summary>
    Slate,

    /// <summary>The fallback programme.</summary>
    Fallback,

    /// <summary>The programme.</summary>
    Live,
}

namespace Streams.Grains.Watch;

/// <summary>A stream that receives observations from the watch; implemented by the stream's grain.</summary>
[Alias("Streams.IObservedStream")]
internal interface IObservedStream : IGrainWithStringKey
{
    /// <summary>Receives the stream's paths as MediaMTX shows them. True when this corrected the stream's state.</summary>
    [Alias("Observe")]
    Task<bool> Observe(StreamObservation observation);
}

/// <summary>A stream's two paths in one answer of the Control API of one media server.</summary>
/// <param name="AskedAt">When the query was sent, by the clock of the watch's silo.</param>
/// <param name="Input">The input; null when it is not live there.</param>
/// <param name="Output">The output; null when it is not live there.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamObservation")]
internal sealed record StreamObservation(
    [property: Id(0)] DateTimeOffset AskedAt,
    [property: Id(1)] PathView? Input,
    [property: Id(2)] PathView? Output)
{
    /// <summary>The media server; null for the first.</summary>
    [Id(3)] public string? Node { get; init; }

    /// <summary>The poll that showed it.</summary>
    [Id(4)] public PollPosition Poll { get; init; }
}

namespace Streams.Grains.Watch;

/// <summary>A stream that receives observations from the watch; implemented by the stream's grain.</summary>
[Alias("Streams.IObservedStream")]
internal interface IObservedStream : IGrainWithStringKey
{
    /// <summary>Receives the stream's paths as MediaMTX shows them. True when this corrected the stream's state.</summary>
    [Alias("Observe")]
    Task<bool> Observe(StreamObservation observation);
}

/// <summary>A stream's two paths in one answer of the Control API.</summary>
/// <param name="AskedAt">When the query was sent; anything that a hook reported later is newer.</param>
/// <param name="Input">The input; null when it is not live.</param>
/// <param name="Output">The output; null when it is not live.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamObservation")]
internal sealed record StreamObservation(
    [property: Id(0)] DateTimeOffset AskedAt,
    [property: Id(1)] PathView? Input,
    [property: Id(2)] PathView? Output);

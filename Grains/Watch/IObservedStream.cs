namespace Streams.Grains.Watch;

/// <summary>The stream's side of the watch; implemented by the stream's grain.</summary>
[Alias("Streams.IObservedStream")]
internal interface IObservedStream : IGrainWithStringKey
{
    /// <summary>Takes what MediaMTX showed. True when it corrected what the stream believed.</summary>
    [Alias("Observe")]
    Task<bool> Observe(StreamObservation observation);
}

/// <summary>A stream's two paths as one answer of the Control API shows them; null for one that is not live.</summary>
/// <param name="AskedAt">When the question was asked: anything learned later by a hook is newer.</param>
/// <param name="Input">The input.</param>
/// <param name="Output">The output.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamObservation")]
internal sealed record StreamObservation(
    [property: Id(0)] DateTimeOffset AskedAt,
    [property: Id(1)] PathView? Input,
    [property: Id(2)] PathView? Output);

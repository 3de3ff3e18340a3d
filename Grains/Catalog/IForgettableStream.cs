namespace Streams;

/// <summary>The stream's side of the catalog; implemented by the stream's grain.</summary>
[Alias("Streams.IForgettableStream")]
internal interface IForgettableStream : IGrainWithStringKey
{
    /// <summary>Removes all that is saved of a stream that is offline, and about which no operator has said anything. False when it is not so.</summary>
    [Alias("Forget")]
    Task<bool> Forget();
}

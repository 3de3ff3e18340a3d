namespace Streams.Grains.Streams;

/// <summary>The fallback programme of a stream whose chosen profile failed.</summary>
/// <param name="Profile">The profile that runs instead.</param>
/// <param name="Since">Since when.</param>
/// <param name="ReturnAt">When the chosen profile is tried again; null when that cannot help.</param>
[GenerateSerializer, Immutable, Alias("Streams.FallbackRun")]
public sealed record FallbackRun([property: Id(0)] string Profile, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] DateTimeOffset? ReturnAt)
{
    /// <summary>Whether the chosen profile takes the output over as soon as it can: the last try could not be started on a path of its own.</summary>
    [Id(3)] public bool IsReturnDirect { get; init; }
}

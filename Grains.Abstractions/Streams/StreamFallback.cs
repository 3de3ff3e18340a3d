namespace Streams;

/// <summary>The fallback programme that the audience gets while the worker of the chosen profile is down.</summary>
/// <param name="Profile">The profile that runs instead.</param>
/// <param name="Since">Since when.</param>
/// <param name="ReturnAt">When the chosen profile is tried again; null when that cannot help.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamFallback")]
public sealed record StreamFallback([property: Id(0)] string Profile, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] DateTimeOffset? ReturnAt);

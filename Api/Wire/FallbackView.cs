namespace Streams.Api.Wire;

/// <summary>The fallback programme that the audience gets while the worker of the chosen profile is down.</summary>
public sealed record FallbackView
{
    /// <summary>The profile that runs instead.</summary>
    public required string Profile { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the chosen profile is tried again, UTC; absent when that cannot help.</summary>
    public DateTimeOffset? ReturnAt { get; init; }

    internal static FallbackView Of(StreamFallback fallback) =>
        new() { Profile = fallback.Profile, Since = fallback.Since.ToUniversalTime(), ReturnAt = fallback.ReturnAt?.ToUniversalTime() };
}

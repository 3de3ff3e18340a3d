using System.Text.Json.Serialization;

namespace Streams.Verify.Audience;

/// <summary>What the script in the player's frame reports.</summary>
internal sealed record PlayerReport
{
    /// <summary>When, in milliseconds since 1970.</summary>
    [JsonPropertyName("at")]
    public required double At { get; init; }

    /// <summary>Whether the player was loaded.</summary>
    [JsonPropertyName("began")]
    public bool HasBegun { get; init; }

    /// <summary>What the player says while it cannot go on; it then begins anew.</summary>
    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    /// <summary>The pictures that were shown: when, in milliseconds since 1970, and the time in the video in seconds.</summary>
    [JsonPropertyName("shown")]
    public required IReadOnlyList<IReadOnlyList<double>> Shown { get; init; }
}

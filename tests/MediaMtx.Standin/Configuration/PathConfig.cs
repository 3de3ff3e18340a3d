using System.Text.RegularExpressions;

namespace MediaMtx.Standin.Configuration;

/// <summary>One entry of <c>paths</c>, with <c>pathDefaults</c> applied.</summary>
/// <param name="Name">As written: a path, or a tilde and a regular expression, or <c>all_others</c>.</param>
internal sealed record PathConfig(string Name)
{
    /// <summary>The expression; null for a path with a plain name.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>Whether a new publisher takes the path over from the present one.</summary>
    public bool OverridePublisher { get; init; } = true;

    /// <summary>The command that runs while a stream is available; empty for none.</summary>
    public string RunOnAvailable { get; init; } = "";

    /// <summary>Whether <see cref="RunOnAvailable"/> is started again, 5 s after it ended.</summary>
    public bool RunOnAvailableRestart { get; init; }

    /// <summary>The command that is started when the stream ends; empty for none.</summary>
    public string RunOnUnavailable { get; init; } = "";

    /// <summary>The most readers of one path; 0 for no limit.</summary>
    public int MaxReaders { get; init; }
}

using System.Text.RegularExpressions;

namespace Streams.Grains.Workers;

/// <summary>The values of a run's placeholders, put into its arguments. Pure.</summary>
internal sealed partial class PlaceholderValues
{
    /// <summary>The path that the worker publishes, as RTMP and RTSP URL.</summary>
    public const string Output = "output";
    public const string OutputRtsp = "output.rtsp";
    /// <summary>The sound that a fallback's output is to have: sample rate in Hz, number of channels.</summary>
    public const string AudioRate = "audio.rate";
    public const string AudioChannels = "audio.channels";
    /// <summary>Filters of ffmpeg for a kept output: <see cref="KeptFilters"/>.</summary>
    public const string KeptVideo = "kept.video";
    public const string KeptAudio = "kept.audio";
    public const string SecretPrefix = "secret.";
    private const string QueryPrefix = "query.";
    private const string Id = "streamId";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string this[string name]
    {
        set => _values[name] = value;
    }

    /// <summary>Whether a placeholder is one of the sound of a fallback's output.</summary>
    public static bool IsSound(string name) => name is AudioRate or AudioChannels;

    /// <summary>Sets a value of the publisher's query.</summary>
    public void SetQuery(string key, string value) => _values[QueryPrefix + key] = value;

    /// <summary>The names of all placeholders in texts.</summary>
    public static IEnumerable<string> NamesIn(IEnumerable<string> texts) =>
        texts.SelectMany(static text => Placeholder().Matches(text)).Select(static match => match.Groups[1].Value).Distinct(StringComparer.Ordinal);

    /// <summary>The text with its placeholders replaced; a name without a value stays.</summary>
    public string Expand(string text) => Placeholder().Replace(text, match => _values.GetValueOrDefault(match.Groups[1].Value, match.Value));

    /// <summary>
    /// What would make an option of an argument: it begins with a value that somebody outside chose, and that begins with a dash. Null when there is no
    /// such thing.
    /// </summary>
    public string? FindOption(string argument)
    {
        int at = 0;
        foreach (Match match in Placeholder().Matches(argument))
        {
            string name = match.Groups[1].Value;
            if (match.Index != at || !(name == Id || name.StartsWith(QueryPrefix, StringComparison.Ordinal)) || !_values.TryGetValue(name, out string? value))
            {
                return null;
            }

            if (value.Length > 0)
            {
                return value[0] == '-' ? name : null;
            }

            at = match.Index + match.Length; // An empty value: what follows it comes first.
        }

        return null;
    }

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_.-]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}

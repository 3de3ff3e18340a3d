using System.Buffers;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Streams;

/// <summary>The names of the configured media servers, and the rules for them and for where browsers find their players. Pure.</summary>
public static partial class MediaNodeNames
{
    /// <summary>The name of the media server that is there when none is configured, and of one without a name.</summary>
    public const string Default = "default";

    /// <summary>The pattern of a name.</summary>
    public const string Pattern = "^[A-Za-z0-9_-]{1,64}$";

    /// <summary>The pattern of the address of a player. It becomes a part of a header: nothing but a scheme, a host and a port may.</summary>
    public const string HlsUrlPattern = @"(https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?)";

    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>How many media servers there may be.</summary>
    public const int MaxNodes = 32;

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Whether a text is the name of a media server by its form.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string name) => name.Length is >= 1 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Characters);

    /// <summary>The names in the order of the configuration; at least one.</summary>
    /// <param name="media">The configuration.</param>
    public static ImmutableArray<string> Of(ControlApiOptions media) => media.Nodes.Count == 0 ? [Default] : [.. media.Nodes.Select(static node => node.Name)];

    /// <summary>What is wrong with the number of media servers, their names, and the addresses of their players: the setting, and the problem.</summary>
    /// <param name="media">The configuration.</param>
    public static IEnumerable<(string Setting, string Problem)> FindErrors(ControlApiOptions media)
    {
        const string Nodes = $"{ControlApiOptions.Section}:{nameof(media.Nodes)}";
        if (media.Nodes.Count > MaxNodes)
        {
            yield return (Nodes, $"there are {media.Nodes.Count} media servers; there may be {MaxNodes}");
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int index = 0; index < media.Nodes.Count; index++)
        {
            string name = media.Nodes[index].Name;
            if (!IsName(name))
            {
                yield return ($"{Nodes}:{index}:{nameof(MediaNodeOptions.Name)}", $"'{name}' must match {Pattern}");
            }
            else if (!seen.Add(name))
            {
                yield return ($"{Nodes}:{index}:{nameof(MediaNodeOptions.Name)}", $"another media server is called '{name}' too; each needs a name of its own");
            }

            if (media.Nodes[index].HlsUrl is { Length: > 0 } url && !HlsUrl().IsMatch(url))
            {
                yield return ($"{Nodes}:{index}:{nameof(MediaNodeOptions.HlsUrl)}", "must be an address like http://media.example.com:8888, without a path");
            }

            if (media.Nodes[index].HlsPort is < 0 or > 65_535)
            {
                yield return ($"{Nodes}:{index}:{nameof(MediaNodeOptions.HlsPort)}", $"{media.Nodes[index].HlsPort} is no port; it must be 1 to 65535, or 0 for none");
            }
        }
    }

    /// <summary>Why an event of a media server cannot be received; null when it can.</summary>
    /// <param name="names">The names of the configured media servers.</param>
    /// <param name="node">The name that the event has; null for none.</param>
    public static string? FindProblem(ImmutableArray<string> names, string? node) => node switch
    {
        null when names.Length > 1 => $"This field is required, since there are several media servers: {string.Join(", ", names)}. Set STREAMS_NODE in the environment of each MediaMTX.",
        not null when !names.Contains(node, StringComparer.Ordinal) =>
            $"There is no media server '{node}' in {ControlApiOptions.Section}:{nameof(ControlApiOptions.Nodes)}; there {(names.Length > 1 ? "are" : "is")}: {string.Join(", ", names)}.",
        _ => null,
    };

    [GeneratedRegex($"^{HlsUrlPattern}$")]
    private static partial Regex HlsUrl();
}

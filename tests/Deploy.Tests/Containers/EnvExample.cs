using System.Text.RegularExpressions;
using Streams.Testing;

namespace Streams.Deploy.Tests.Containers;

/// <summary>The settings that <c>.env.example</c> documents.</summary>
public static partial class EnvExample
{
    /// <summary>Each setting with its default.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } =
        Entries().ToDictionary(static entry => entry.Name, static entry => entry.Value);

    /// <summary>Settings that say of themselves that containers do not have them.</summary>
    public static IReadOnlySet<string> MakeOnly { get; } = Saying("make only:");

    /// <summary>Settings that say of themselves that a local run does not have them.</summary>
    public static IReadOnlySet<string> ComposeOnly { get; } = Saying("Compose only:");

    /// <summary>Each setting with the comment above it.</summary>
    public static IEnumerable<(string Name, string Value, string Comment)> Entries()
    {
        string comment = "";
        foreach (string line in File.ReadLines(Repository.PathOf(".env.example")))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                comment = line[2..];
            }
            else if (Assignment().Match(line) is { Success: true } match)
            {
                yield return (match.Groups[1].Value, match.Groups[2].Value, comment);
                comment = "";
            }
        }
    }

    private static HashSet<string> Saying(string beginning) =>
        Entries().Where(entry => entry.Comment.StartsWith(beginning, StringComparison.Ordinal)).Select(static entry => entry.Name).ToHashSet();

    [GeneratedRegex("^([A-Z_]+)=(.*)$")]
    private static partial Regex Assignment();
}

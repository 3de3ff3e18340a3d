using System.Text.RegularExpressions;
using Streams.Testing;

namespace Streams.Deploy.Tests.Containers;

/// <summary>A Dockerfile's instructions, continued lines joined and comments left out.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(string path)
    {
        File = path;
        string text = Comment().Replace(System.IO.File.ReadAllText(path), "");
        Instructions = [.. Continuation().Replace(text, " ").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static line => line.Split(' ', 2))
            .Select(static parts => (parts[0].ToUpperInvariant(), parts[1].Trim()))];
    }

    public string File { get; }

    public IReadOnlyList<(string Name, string Arguments)> Instructions { get; }

    /// <summary>What follows CMD in its health check.</summary>
    public string HealthCommand => Instructions.Single(static instruction => instruction.Name == "HEALTHCHECK").Arguments.Split("CMD ", 2)[1].Trim();

    public static Dockerfile Read(string name) => new(Repository.PathOf("deploy", "docker", name));

    public IEnumerable<string> All(string name) => Instructions.Where(instruction => instruction.Name == name).Select(static instruction => instruction.Arguments);

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\s*\n\s*")]
    private static partial Regex Continuation();
}

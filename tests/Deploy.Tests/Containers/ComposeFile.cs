using System.Text.RegularExpressions;
using Streams.Testing;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Containers;

/// <summary><c>deploy/docker-compose.yml</c>, read the way Compose does: variables replaced by a setting or their default.</summary>
public sealed partial class ComposeFile
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly YamlMappingNode _root;

    public ComposeFile(IReadOnlyDictionary<string, string>? settings = null)
    {
        _settings = settings ?? new Dictionary<string, string>();
        Text = File.ReadAllText(Repository.PathOf("deploy", "docker-compose.yml"));
        YamlStream yaml = [];
        yaml.Load(new StringReader(Text));
        _root = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public string Text { get; }

    public YamlMappingNode Networks => Map(_root, "networks");

    /// <summary>The services that start with a profile; the empty one: those that always do.</summary>
    public IEnumerable<string> ServicesOf(string profile) => Map(_root, "services").Children
        .Where(entry => ProfilesOf((YamlMappingNode)entry.Value).DefaultIfEmpty("").Contains(profile)).Select(static entry => ((YamlScalarNode)entry.Key).Value!);

    public YamlMappingNode Service(string name) => Merged(Map(_root, "services", name));

    /// <summary>The variables that the file uses, each with its default as written; those it needs have none.</summary>
    public IEnumerable<(string Name, string Default)> Variables() => Variable().Matches(Text).Select(static match => (match.Groups[1].Value, DefaultOf(match)));

    /// <summary>The variables without which Compose refuses to start anything, each with what it then says.</summary>
    public IEnumerable<(string Name, string Message)> Needed() =>
        Variable().Matches(Text).Where(static match => match.Groups[2].Value == "?").Select(static match => (match.Groups[1].Value, match.Groups[3].Value));

    /// <summary>A service's environment, with its variables replaced.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string service) => Merged(Map(Service(service), "environment")).Children
        .ToDictionary(static entry => ((YamlScalarNode)entry.Key).Value!, entry => Resolve(((YamlScalarNode)entry.Value).Value!));

    /// <summary>A service's published ports: address, port on the host, port in the container.</summary>
    public IEnumerable<(string Address, int Host, int Container)> PortsOf(string service) =>
        ((YamlSequenceNode)Service(service)["ports"]).Children.Select(node =>
        {
            string[] parts = Resolve(((YamlScalarNode)node).Value!).Split(':');
            return (parts[0], int.Parse(parts[1], null), int.Parse(parts[2], null));
        });

    /// <summary>A plain value of a service, with its variables replaced.</summary>
    public string ValueOf(string service, params string[] path) => Resolve(((YamlScalarNode)Map(Service(service), path[..^1])[path[^1]]).Value!);

    /// <summary>A list of a service; empty when it has none.</summary>
    public IReadOnlyList<string> ListOf(string service, string name) => Service(service).Children.TryGetValue(name, out YamlNode? list)
        ? [.. ((YamlSequenceNode)list).Select(static node => ((YamlScalarNode)node).Value!)]
        : [];

    /// <summary>The command of a service's health check, as the container's shell gets it.</summary>
    public string HealthCommandOf(string service) =>
        ((YamlScalarNode)((YamlSequenceNode)Map(Service(service), "healthcheck")["test"])[1]).Value!.Replace("$$", "$", StringComparison.Ordinal);

    /// <summary>A text with its variables replaced; inner ones first: a default may hold another variable.</summary>
    public string Resolve(string text)
    {
        while (Variable().IsMatch(text))
        {
            text = Variable().Replace(text, match => _settings.TryGetValue(match.Groups[1].Value, out string? set) && set.Length > 0 ? set : DefaultOf(match));
        }

        return text;
    }

    public static YamlMappingNode Map(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, static (inner, name) => (YamlMappingNode)inner[name]);

    /// <summary>With the entries of the mapping that it is merged with (<c>&lt;&lt;</c>); its own come first.</summary>
    private static YamlMappingNode Merged(YamlMappingNode node)
    {
        if (!node.Children.TryGetValue("<<", out YamlNode? other))
        {
            return node;
        }

        YamlMappingNode merged = new(node.Children.Where(static entry => ((YamlScalarNode)entry.Key).Value != "<<"));
        foreach ((YamlNode key, YamlNode value) in Merged((YamlMappingNode)other).Children)
        {
            merged.Children.TryAdd(key, value);
        }

        return merged;
    }

    private static IEnumerable<string> ProfilesOf(YamlMappingNode service) =>
        service.Children.TryGetValue("profiles", out YamlNode? profiles) ? ((YamlSequenceNode)profiles).Select(static node => ((YamlScalarNode)node).Value!) : [];

    private static string DefaultOf(Match match) => match.Groups[2].Value == "-" ? match.Groups[3].Value : "";

    [GeneratedRegex(@"(?<!\$)\$\{([A-Z_]+):([-?])([^${}]*)\}")]
    private static partial Regex Variable();
}

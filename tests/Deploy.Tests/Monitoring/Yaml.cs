using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>Short forms for reading YAML.</summary>
internal static class Yaml
{
    public static string Text(this YamlNode node) => ((YamlScalarNode)node).Value!;

    public static IEnumerable<YamlNode> Sequence(this YamlNode node) => ((YamlSequenceNode)node).Children;

    /// <summary>A mapping's value; null when it has none of that name.</summary>
    public static YamlNode? Find(this YamlNode node, string name) => ((YamlMappingNode)node).Children.TryGetValue(name, out YamlNode? value) ? value : null;
}

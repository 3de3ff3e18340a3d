using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MediaMtx.Standin.Configuration;

/// <summary>
/// The configuration file as plain maps, lists and strings, with the environment laid over it. A value of the tree is a
/// <see cref="Dictionary{TKey,TValue}"/>, a <see cref="List{T}"/>, a string or null.
/// </summary>
internal static class SettingsTree
{
    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="ConfigException">It cannot be read, is no YAML, or is no map.</exception>
    public static Dictionary<string, object?> Read(string file)
    {
        YamlStream yaml = [];
        try
        {
            using StreamReader reader = new(file);
            yaml.Load(reader);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"open {file}: {error.Message}");
        }
        catch (YamlException error)
        {
            throw new ConfigException($"{file}: {error.Message} (line {error.Start.Line})");
        }

        return yaml.Documents.Count == 0
            ? []
            : Convert(yaml.Documents[0].RootNode) as Dictionary<string, object?>
                ?? throw new ConfigException($"{file}: not a map of settings");
    }

    private static object? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.ToDictionary(
            pair => ((YamlScalarNode)pair.Key).Value ?? "", pair => Convert(pair.Value), StringComparer.Ordinal),
        YamlSequenceNode list => list.Children.Select(Convert).ToList(),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or null } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new ConfigException("anchors are not supported by the stand-in"),
    };
}

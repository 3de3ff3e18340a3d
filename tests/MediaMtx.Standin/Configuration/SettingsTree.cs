using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MediaMtx.Standin.Configuration;

/// <summary>
/// The configuration file as plain maps, lists and strings, with the environment laid over it. A value of the tree is a
/// <see cref="SettingsMap"/>, a <see cref="List{T}"/>, a string or null.
/// </summary>
internal static class SettingsTree
{
    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="ConfigException">It cannot be read, is no YAML, or is no map.</exception>
    public static SettingsMap Read(string file)
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
            : Convert(yaml.Documents[0].RootNode) as SettingsMap
                ?? throw new ConfigException($"{file}: not a map of settings");
    }

    /// <summary>A JSON value as a part of the tree.</summary>
    public static object? OfJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new SettingsMap(value.EnumerateObject().ToDictionary(member => member.Name, member => OfJson(member.Value))),
        JsonValueKind.Array => value.EnumerateArray().Select(OfJson).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static object? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new SettingsMap(map.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value ?? "", pair => Convert(pair.Value))),
        YamlSequenceNode list => list.Children.Select(Convert).ToList(),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or null } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new ConfigException("anchors are not supported by the stand-in"),
    };
}

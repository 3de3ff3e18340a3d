using Streams.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.MediaMtx;

/// <summary>The configurations of <c>deploy/mediamtx</c>: one for each set of names that MediaMTX had.</summary>
public sealed class ConfigurationTests
{
    private const string Streams = "~^live/([A-Za-z0-9_-]{1,64})/(in|out)$";

    [Fact]
    public void The_configuration_for_older_versions_differs_in_the_names_of_hooks_and_in_MoQ_only()
    {
        YamlMappingNode expected = Read("mediamtx.yml");
        expected.Children.Remove("moq");
        Rename(expected, "pathDefaults", ("runOnOnline", "runOnReady"), ("runOnOffline", "runOnNotReady"));
        YamlMappingNode paths = (YamlMappingNode)expected["paths"];
        ((YamlMappingNode)paths[Streams]).Children.Remove("runOnOnline");
        ((YamlMappingNode)paths[Streams]).Children.Remove("runOnOffline");
        Rename(paths, Streams, ("runOnAvailable", "runOnReady"), ("runOnUnavailable", "runOnNotReady"));

        Assert.Equal(Lines(expected), Lines(Read("mediamtx-1.18.yml")));
    }

    [Theory]
    [InlineData("mediamtx.yml", "runOnOnline", "runOnOffline")]
    [InlineData("mediamtx-1.18.yml", "runOnReady", "runOnNotReady")]
    public void A_path_that_is_added_by_the_Control_API_tells_of_its_source(string file, string onStart, string onEnd)
    {
        YamlMappingNode defaults = (YamlMappingNode)Read(file)["pathDefaults"];

        Assert.Equal(["mtx-hook online", "mtx-hook offline"], [Text(defaults, onStart), Text(defaults, onEnd)]);
        Assert.Equal(2, defaults.Children.Count);
    }

    [Fact]
    public void A_stream_tells_of_its_source_once()
    {
        YamlMappingNode stream = (YamlMappingNode)((YamlMappingNode)Read("mediamtx.yml")["paths"])[Streams];

        Assert.Equal(["mtx-hook ready", "mtx-hook not-ready"], [Text(stream, "runOnAvailable"), Text(stream, "runOnUnavailable")]);
        Assert.Equal(["", ""], [Text(stream, "runOnOnline"), Text(stream, "runOnOffline")]);
    }

    private static YamlMappingNode Read(string file)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(File.ReadAllText(Repository.PathOf("deploy", "mediamtx", file))));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static void Rename(YamlMappingNode parent, string child, params (string From, string To)[] names)
    {
        YamlMappingNode node = (YamlMappingNode)parent[child];
        foreach ((string from, string to) in names)
        {
            node.Add(to, node[from]);
            node.Children.Remove(from);
        }
    }

    private static string[] Lines(YamlNode node) => [.. Flat(node, "").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Flat(YamlNode node, string path) => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(entry => Flat(entry.Value, $"{path}/{((YamlScalarNode)entry.Key).Value}")),
        YamlSequenceNode { Children.Count: > 0 } list => list.Children.SelectMany((item, index) => Flat(item, $"{path}/{index}")),
        YamlScalarNode scalar => [$"{path} = {scalar.Value}"],
        _ => [$"{path} is empty"],
    };
}

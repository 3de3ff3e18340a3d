using Streams.Testing;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>A rule of <c>deploy/prometheus/rules.yml</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">When it fires.</param>
/// <param name="Severity">How bad that is.</param>
/// <param name="Annotations">What it says.</param>
internal sealed record Alert(string Name, string Expression, string Severity, IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Alert> All { get; } = [.. Read("rules.yml")["groups"].Sequence().SelectMany(static group => group["rules"].Sequence()).Select(static rule => new Alert(
        rule["alert"].Text(), rule["expr"].Text(), rule["labels"]["severity"].Text(), ((YamlMappingNode)rule["annotations"]).ToDictionary(static entry => entry.Key.Text(), static entry => entry.Value.Text())))];

    /// <summary>A file below <c>deploy/prometheus</c>.</summary>
    public static YamlNode Read(params string[] path)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(File.ReadAllText(Repository.PathOf(["deploy", "prometheus", .. path]))));
        return yaml.Documents[0].RootNode;
    }
}

using k8s;
using k8s.Models;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Helm;

/// <summary>The chart in <c>deploy/helm/streams</c>, rendered by Helm itself.</summary>
internal static class Chart
{
    /// <summary>What the chart asks for and has no default.</summary>
    public static readonly IReadOnlyDictionary<string, string> Needed = new Dictionary<string, string>
    {
        ["secrets.storeConnection"] = "Host=db;Password=secret-of-store",
        ["secrets.operatorToken"] = "secret-of-operator",
        ["secrets.hookToken"] = "secret-of-mtx-hook",
        ["secrets.mediaApiPassword"] = "secret-of-media-api",
        ["secrets.workerPassword"] = "secret-of-worker",
        ["secrets.publishKey"] = "secret-of-publisher",
    };

    public static string Folder { get; } = Repository.PathOf("deploy", "helm", "streams");

    /// <summary>Runs Helm; the test is skipped where there is none.</summary>
    /// <param name="command">lint or template.</param>
    /// <param name="values">Settings of the chart.</param>
    /// <param name="more">More arguments.</param>
    public static async Task<(int Code, string Output)> Helm(string command, IReadOnlyDictionary<string, string> values, params string[] more)
    {
        if (ChildProgram.Find("helm") is not { } helm)
        {
            Assert.Skip("helm is not installed: make setup-test");
            return (0, "");
        }

        // A comma begins another setting, and a brace a list, which values of tests may be.
        IEnumerable<string> set = values.SelectMany(static value => (string[])["--set", $"{value.Key}={value.Value}"]);
        string[] name = command == "template" ? ["streams", "--namespace", "live"] : [];
        return await ChildProgram.Run(helm, [command, .. name, Folder, .. set, .. more]);
    }

    /// <summary>What it makes of these values beside <see cref="Needed"/>. Each manifest is read by the types of Kubernetes' own API: a field that they have not is an error.</summary>
    public static async Task<Manifests> Render(params (string Name, string Value)[] values)
    {
        Dictionary<string, string> all = new(Needed);
        foreach ((string name, string value) in values)
        {
            all[name] = value;
        }

        (int code, string output) = await Helm("template", all);
        Assert.True(code == 0, output);
        return new Manifests(output, KubernetesYaml.LoadAllFromString(output, strict: true));
    }
}

/// <summary>The manifests of a chart.</summary>
/// <param name="text">As Helm wrote them.</param>
/// <param name="all">As Kubernetes reads them.</param>
internal sealed class Manifests(string text, IReadOnlyList<object> all)
{
    public string Text => text;

    public V1Deployment Silos => One<V1Deployment>("streams-silo");

    public V1StatefulSet Media => One<V1StatefulSet>("streams-media");

    public IEnumerable<V1PodSpec> Pods => [Silos.Spec.Template.Spec, Media.Spec.Template.Spec];

    public IEnumerable<T> All<T>() => all.OfType<T>();

    public T One<T>(string name)
        where T : IMetadata<V1ObjectMeta> => all.OfType<T>().Single(one => one.Metadata.Name == name);
}

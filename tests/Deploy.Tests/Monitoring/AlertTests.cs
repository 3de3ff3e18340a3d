using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>The alert rules.</summary>
public sealed partial class AlertTests
{
    private static readonly string Folder = Repository.PathOf("deploy", "prometheus", "tests");

    public static TheoryData<string> TestFiles => [.. Directory.EnumerateFiles(Folder, "*.yml").Select(static file => Path.GetFileName(file))];

    public static TheoryData<string> Alerts => [.. Alert.All.Select(static alert => alert.Name)];

    [Fact]
    public async Task Promtool_can_read_the_rules() => await Promtool.Accepts("check", "rules", Repository.PathOf("deploy", "prometheus", "rules.yml"));

    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task Alerts_fire_when_they_should_and_no_others_do(string file) => await Promtool.Accepts("test", "rules", Path.Combine(Folder, file));

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Each_has_a_test_in_which_it_is_silent_then_fires_then_resolves(string name)
    {
        YamlNode test = Assert.Single(
            Directory.EnumerateFiles(Folder, "*.yml").SelectMany(static file => Alert.Read("tests", Path.GetFileName(file))["tests"].Sequence()), test => test["name"].Text() == name);

        string[][] firing = [.. test["promql_expr_test"].Sequence().Select(static step =>
            (step.Find("exp_samples") as YamlSequenceNode)?.Select(static sample => sample["labels"].Text()).ToArray() ?? [])];

        Assert.DoesNotContain(firing[0], IsIt);
        Assert.Contains(firing, static samples => samples.Length > 0);
        Assert.All(firing[1..^1], samples => Assert.Contains(samples, IsIt));
        Assert.Empty(firing[^1]);

        bool IsIt(string labels) => labels.StartsWith("ALERTS{", StringComparison.Ordinal) && labels.Contains($"alertname=\"{name}\"", StringComparison.Ordinal)
            && labels.Contains("alertstate=\"firing\"", StringComparison.Ordinal);
    }

    [Fact]
    public void Each_says_how_bad_it_is_what_it_means_and_what_to_do() => Assert.All(Alert.All, static alert =>
    {
        Assert.Contains(alert.Severity, (string[])["critical", "warning"]);
        Assert.Equal(["description", "runbook", "summary"], alert.Annotations.Keys.Order());
        Assert.All(alert.Annotations.Values, Assert.NotEmpty);
        // Which stream, silo, node or route.
        Assert.Contains("$labels.", alert.Annotations["summary"], StringComparison.Ordinal);
        Assert.Equal($"docs/operations.md#{alert.Name.ToLowerInvariant()}", alert.Annotations["runbook"]);
    });

    [Fact]
    public async Task Each_is_in_the_document_with_its_severity_what_to_look_at_and_what_to_do()
    {
        string document = await File.ReadAllTextAsync(Repository.PathOf("docs", "operations.md"), TestContext.Current.CancellationToken);
        string[] entries = [.. document.Split("\n## ").Single(static section => section.StartsWith("Alerts\n", StringComparison.Ordinal)).Split("\n### ").Skip(1)];

        Assert.Equal(Alert.All.Select(static alert => alert.Name).Order(), entries.Select(static entry => entry.Split('\n')[0]).Order());
        Assert.All(Alert.All, alert =>
        {
            string entry = entries.Single(entry => entry.StartsWith(alert.Name + "\n", StringComparison.Ordinal));
            Assert.StartsWith($"{alert.Name}\n\n{alert.Severity}. ", entry, StringComparison.Ordinal);
            Assert.Contains("\n**Look at** ", entry, StringComparison.Ordinal);
            Assert.Contains("\n**Do** ", entry, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Each_is_about_documented_metrics_only() => Assert.All(Alert.All, static alert =>
    {
        PromQl.AssertDocumented(alert.Expression);
        Assert.All(Query().Matches(alert.Annotations["description"]), static query => PromQl.AssertDocumented(query.Groups[1].Value));
    });

    [Fact]
    public async Task Each_names_entries_only_that_a_history_can_have()
    {
        string view = await File.ReadAllTextAsync(Repository.PathOf("Api", "Wire", "HistoryView.cs"), TestContext.Current.CancellationToken);
        string kinds = view.Split('\n').Single(static line => line.Contains("What it was:", StringComparison.Ordinal));
        string[] named = [.. Alert.All.Select(static alert => alert.Annotations["description"])
            .Where(static text => text.Contains("/history", StringComparison.Ordinal))
            .SelectMany(static text => Kind().Matches(text)).Select(static kind => kind.Value)];

        Assert.NotEmpty(named);
        Assert.All(named, kind => Assert.Contains($"<c>{kind}</c>", kinds, StringComparison.Ordinal));
    }

    [GeneratedRegex("\\b[A-Z][a-z]+[A-Z][A-Za-z]+\\b")]
    private static partial Regex Kind();

    [GeneratedRegex("query \"([^\"]+)\"")]
    private static partial Regex Query();
}

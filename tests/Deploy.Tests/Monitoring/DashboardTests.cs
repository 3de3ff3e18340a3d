using System.Text.Json;
using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>Grafana's dashboard, as a file.</summary>
public sealed partial class DashboardTests
{
    private static readonly JsonElement Dashboard = JsonElement.Parse(File.ReadAllText(Repository.PathOf("deploy", "grafana", "dashboards", "streams.json")));

    private static IEnumerable<JsonElement> Panels => Dashboard.GetProperty("panels").EnumerateArray();

    private static IEnumerable<JsonElement> Charts => Panels.Where(static panel => Text(panel, "type") != "row");

    private static IEnumerable<string> Expressions => Charts.SelectMany(static panel => panel.GetProperty("targets").EnumerateArray()).Select(static target => Text(target, "expr"));

    [Fact]
    public void It_has_a_row_for_each_question_and_every_chart_says_what_it_shows()
    {
        Assert.Equal(["Overview", "Streams: $stream", "Latency", "Failures", "Runtime"], Panels.Where(static panel => Text(panel, "type") == "row").Select(static row => Text(row, "title")));
        Assert.All(Charts, static panel =>
        {
            Assert.NotEmpty(Text(panel, "title"));
            Assert.NotEmpty(Text(panel, "description"));
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
        });
        Assert.Distinct(Panels.Select(static panel => panel.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void No_chart_lies_over_another_or_beyond_the_edge()
    {
        List<(int X, int Y)> cells = [];
        foreach (JsonElement place in Panels.Select(static panel => panel.GetProperty("gridPos")))
        {
            (int x, int y, int w, int h) = (Number(place, "x"), Number(place, "y"), Number(place, "w"), Number(place, "h"));
            Assert.InRange(x + w, 1, 24);
            cells.AddRange(from column in Enumerable.Range(x, w) from line in Enumerable.Range(y, h) select (column, line));
        }

        Assert.Distinct(cells);
    }

    [Fact]
    public async Task It_asks_the_data_source_that_is_provisioned()
    {
        string provisioned = await File.ReadAllTextAsync(Repository.PathOf("deploy", "grafana", "provisioning", "datasources", "prometheus.yml"), TestContext.Current.CancellationToken);
        string uid = ProvisionedUid().Match(provisioned).Groups[1].Value;

        Assert.NotEmpty(uid);
        Assert.All(Charts.SelectMany(static panel => panel.GetProperty("targets").EnumerateArray().Append(panel)).Concat(Dashboard.GetProperty("templating").GetProperty("list").EnumerateArray()),
            asker => Assert.Equal(uid, Text(asker.GetProperty("datasource"), "uid")));
    }

    [Fact]
    public void Every_expression_is_about_documented_metrics_only() => Assert.All(Expressions, PromQl.AssertDocumented);

    [Fact]
    public async Task Prometheus_can_read_every_expression()
    {
        string file = Path.GetTempFileName();
        try
        {
            // A recording rule is an expression with a name; JSON is YAML. Variables stand for what Grafana puts in their place.
            object[] rules = [.. Expressions.Select(static (expression, index) => new
            {
                record = $"panel:{index}",
                expr = expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$stream", ".*", StringComparison.Ordinal),
            })];
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { groups = new[] { new { name = "dashboard", rules } } }), TestContext.Current.CancellationToken);

            await Promtool.Accepts("check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    [GeneratedRegex(@"^ +uid: (\S+)", RegexOptions.Multiline)]
    private static partial Regex ProvisionedUid();
}

using System.Text.RegularExpressions;

namespace Streams.Testing;

/// <summary>The tables of metrics in <c>docs/operations.md</c>.</summary>
public static partial class DocumentedMetrics
{
    /// <summary>Each metric by its name as Prometheus sees it, with its type: <c>gauge</c>, <c>counter</c>, <c>histogram</c>, <c>a level</c>.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Row()
        .Matches(File.ReadAllText(Repository.PathOf("docs", "operations.md")).Split("\n## ").Single(static section => section.StartsWith("Metrics\n", StringComparison.Ordinal)))
        .ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value);

    /// <summary>The names that begin so.</summary>
    public static IReadOnlySet<string> Of(string prefix) => All.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToHashSet();

    /// <summary>The names of a metric's series: a histogram has three, the others one.</summary>
    public static IEnumerable<string> SeriesOf(string name) => All[name] == "histogram" ? [name + "_bucket", name + "_sum", name + "_count"] : [name];

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (gauge|counter|histogram|a level) \|[^|]*\|[^|]+\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>Expressions of Prometheus' language.</summary>
internal static partial class PromQl
{
    /// <summary>What Prometheus makes itself.</summary>
    private static readonly string[] OfPrometheus = ["up", "ALERTS"];

    private static readonly string[] Keywords = ["and", "or", "unless", "bool", "offset"];

    private static readonly HashSet<string> Documented = [.. DocumentedMetrics.All.Keys.SelectMany(DocumentedMetrics.SeriesOf), .. OfPrometheus];

    /// <summary>The series that an expression names.</summary>
    public static IReadOnlySet<string> SeriesIn(string expression) => Name().Matches(NotASeries().Replace(expression, " "))
        .Select(static match => match.Value).Except(Keywords).ToHashSet();

    /// <summary>Asserts that an expression names series, and only such as are documented: a typing error is an alert that never fires.</summary>
    public static void AssertDocumented(string expression)
    {
        IReadOnlySet<string> series = SeriesIn(expression);
        Assert.True(series.Count > 0, $"no series in {expression}");
        Assert.All(series, name => Assert.True(Documented.Contains(name), $"{name} is not in the tables of docs/operations.md: {expression}"));
    }

    // Strings first, since they may hold anything; then selectors, ranges, and the label lists of aggregations and joins.
    [GeneratedRegex("""("[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\))""")]
    private static partial Regex NotASeries();

    [GeneratedRegex(@"(?<![\w:.])(?>[a-zA-Z_:][\w:]*)(?!\s*\()")]
    private static partial Regex Name();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Testing;

/// <summary>Reads the text that Prometheus reads.</summary>
public static partial class PrometheusText
{
    /// <summary>The series by name and labels, the labels in order: <c>streams_workers{}</c>, <c>x{a="1",b="2"}</c>.</summary>
    /// <param name="text">The answer of a metrics endpoint.</param>
    /// <param name="ignores">Labels to leave out.</param>
    /// <exception cref="FormatException">A line is neither a comment nor a series.</exception>
    public static IReadOnlyDictionary<string, double> Read(string text, Func<string, bool> ignores)
    {
        Dictionary<string, double> series = [];
        foreach (string line in text.Split('\n').Where(static line => line.Length > 0 && line[0] != '#'))
        {
            Match match = Series().Match(line);
            if (!match.Success)
            {
                throw new FormatException($"This is no series: {line}");
            }

            IEnumerable<string> labels = Label().Matches(match.Groups["labels"].Value)
                .Where(label => !ignores(label.Groups[1].Value)).Select(static label => label.Value).Order(StringComparer.Ordinal);
            series[$"{match.Groups["name"].Value}{{{string.Join(',', labels)}}}"] = double.Parse(match.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }

        return series;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?( #.*)?$""")]
    private static partial Regex Series();

    [GeneratedRegex(@"([a-zA-Z_][a-zA-Z0-9_]*)=""(?:[^""\\]|\\.)*""")]
    private static partial Regex Label();
}

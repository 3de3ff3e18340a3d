using System.Globalization;
using System.Text;

namespace MediaMtx.Standin.Http;

/// <summary>Prometheus' text format, as MediaMTX writes it: without HELP and TYPE, sections under a comment.</summary>
internal sealed class MetricsPage
{
    private readonly StringBuilder _text = new();

    public MetricsPage Section(string title)
    {
        _text.Append(_text.Length > 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"# {title}\n");
        return this;
    }

    public MetricsPage Value(string name, string labels, double value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
        return this;
    }

    /// <summary>Labels in the order of their names, as MediaMTX sorts them.</summary>
    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        StringBuilder text = new("{");
        foreach ((string name, string value) in labels)
        {
            string escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"{name}=\"{escaped}\"");
        }

        return text.Append('}').ToString();
    }

    public override string ToString() => _text.Append('\n').ToString();
}

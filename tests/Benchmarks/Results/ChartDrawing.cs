using System.Globalization;
using System.Xml.Linq;

namespace Streams.Benchmarks.Results;

/// <summary>Draws a chart as a self-contained SVG file.</summary>
internal static class ChartDrawing
{
    private const int Width = 640;
    private const int LabelWidth = 210;
    private const int ValueWidth = 80;
    private const int RowHeight = 26;
    private const int Top = 44;
    private const int Bottom = 26;
    private const string Ours = "#2563eb";
    private const string Others = "#9ca3af";
    private const string Ink = "#1f2937";
    private const string Red = "#dc2626";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The whole file.</summary>
    public static string Draw(Chart chart)
    {
        int height = Top + (chart.Bars.Count * RowHeight) + Bottom;
        double longest = Math.Max(chart.Bars.Max(static bar => bar.Value), chart.Target ?? 0);
        double scale = (Width - LabelWidth - ValueWidth) / Math.Max(longest, double.Epsilon);
        XElement picture = new(
            Svg + "svg",
            new XAttribute("width", Width),
            new XAttribute("height", height),
            new XAttribute("viewBox", $"0 0 {Width} {height}"),
            new XAttribute("role", "img"),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute("font-size", 13),
            new XElement(Svg + "title", $"{chart.Title}: {string.Join("; ", chart.Bars.Select(bar => $"{bar.Label} {Numbers.Text(bar.Value, chart.Unit)}"))}"),
            Box(0, 0, Width, height, "#ffffff"),
            Text(16, 26, chart.Title, Ink, "start", isBold: true));
        picture.Add(chart.Bars.SelectMany((bar, index) => Draw(bar, chart.Unit, Top + (index * RowHeight), scale)));
        if (chart.Target is { } target)
        {
            picture.Add(Line(LabelWidth + (target * scale), height - Bottom + 2), Text(LabelWidth + (target * scale), height - 8, $"target {Numbers.Text(target, chart.Unit)}", Red, "middle"));
        }

        return picture.ToString(SaveOptions.DisableFormatting).Replace("><", ">\n<", StringComparison.Ordinal) + "\n";
    }

    private static IEnumerable<XElement> Draw(Bar bar, string unit, int top, double scale)
    {
        double length = Math.Max(1, bar.Value * scale);
        yield return Text(LabelWidth - 10, top + 16, bar.Label, Ink, "end");
        yield return Box(LabelWidth, top + 3, length, RowHeight - 8, bar.IsReference ? Others : Ours);
        yield return Text(LabelWidth + length + 6, top + 16, Numbers.Text(bar.Value, unit), Ink, "start");
    }

    private static XElement Box(double x, double y, double width, double height, string fill) => new(
        Svg + "rect", At("x", x), At("y", y), At("width", width), At("height", height), new XAttribute("fill", fill));

    private static XElement Line(double x, double bottom) => new(
        Svg + "line", At("x1", x), At("x2", x), At("y1", Top - 4), At("y2", bottom), new XAttribute("stroke", Red), new XAttribute("stroke-dasharray", "4 3"));

    private static XElement Text(double x, double y, string text, string fill, string anchor, bool isBold = false) => new(
        Svg + "text", At("x", x), At("y", y), new XAttribute("fill", fill), new XAttribute("text-anchor", anchor),
        isBold ? new XAttribute("font-weight", "bold") : null, text);

    private static XAttribute At(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));
}

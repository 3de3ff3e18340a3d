using System.Globalization;
using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>
/// The record of a stream's day as a band: time from left to right, and the better what the audience got, the higher. Heights tell it without colours. Pure.
/// </summary>
internal sealed class AudienceBand
{
    /// <summary>The width of the drawing, in its own units.</summary>
    public const int Width = 1000;

    /// <summary>Its height.</summary>
    public const int Height = 32;

    /// <summary>A second of a day would be too narrow to be seen.</summary>
    private const double LeastWidth = 2.5;

    /// <summary>How far back it goes: to the shortest of these times that holds all that is recorded.</summary>
    private static readonly (TimeSpan Reach, string Words, string[] Axis)[] Reaches =
    [
        (TimeSpan.FromHours(1), "the last hour", ["−60 min", "−45 min", "−30 min", "−15 min", "now"]),
        (TimeSpan.FromHours(4), "the last 4 hours", ["−4 h", "−3 h", "−2 h", "−1 h", "now"]),
        (TimeSpan.FromHours(12), "the last 12 hours", ["−12 h", "−9 h", "−6 h", "−3 h", "now"]),
        (TimeSpan.FromHours(24), "the last 24 hours", ["−24 h", "−18 h", "−12 h", "−6 h", "now"]),
    ];

    private AudienceBand(AudienceDayView day)
    {
        double recorded = Seconds(day.From, day.To);
        (TimeSpan reach, Words, Axis) = Reaches.FirstOrDefault(one => recorded <= one.Reach.TotalSeconds, Reaches[^1]);
        Spans = [.. day.Spans.Reverse()];
        Totals = [.. Enum.GetValues<OutputShows>().Reverse().Select(shows => (shows, TimeOf(day.Spans, shows))).Where(static total => total.Item2 > TimeSpan.Zero)];
        Bars = [.. day.Spans.Select(span => BarOf(span, day.To, reach.TotalSeconds))];
    }

    /// <summary>Its reach in words.</summary>
    public string Words { get; }

    /// <summary>The labels below it, from left to right: times ago, which are right in every time zone.</summary>
    public IReadOnlyList<string> Axis { get; }

    /// <summary>The parts as they are drawn, oldest first.</summary>
    public IReadOnlyList<BandBar> Bars { get; }

    /// <summary>The parts as a table has them, newest first.</summary>
    public IReadOnlyList<AudienceSpanView> Spans { get; }

    /// <summary>How long the output showed what, the best first; what it did not show is left out.</summary>
    public IReadOnlyList<(OutputShows Shows, TimeSpan For)> Totals { get; }

    /// <summary>The band in one sentence, for whoever does not see it.</summary>
    public string Summary => $"{Words}: {string.Join(", ", Totals.Select(static total => $"{PageText.Shows(total.Shows)} {PageText.Duration(total.For)}"))}";

    /// <summary>The band of a day; null while nothing is recorded.</summary>
    public static AudienceBand? Of(AudienceDayView day) => day.Spans.Count == 0 ? null : new AudienceBand(day);

    /// <summary>How high a part is.</summary>
    public static int HeightOf(OutputShows shows) => shows switch
    {
        OutputShows.Live => Height,
        OutputShows.Fallback => 24,
        OutputShows.Slate => 16,
        OutputShows.Dark => 9,
        OutputShows.Stopped => 5,
        _ => 2,
    };

    /// <summary>What a joined part says besides what it shows for longest; empty for an exact one.</summary>
    public static string Note(AudienceSpanView span) => span.Changes is { } changes
        ? string.Create(CultureInfo.InvariantCulture, $", {changes} {(changes == 1 ? "change" : "changes")} within, {PageText.Duration(TimeSpan.FromSeconds(span.AwaySeconds))} away")
        : "";

    private static BandBar BarOf(AudienceSpanView span, DateTimeOffset end, double reach)
    {
        double left = Width * (1 - Math.Min(1, Seconds(span.From, end) / reach));
        double wide = Math.Min(Width - left, Width * Seconds(span.From, span.To) / reach);
        double shown = Math.Max(wide, LeastWidth);
        return new BandBar(span, Math.Min(left, Width - shown), shown);
    }

    private static TimeSpan TimeOf(IEnumerable<AudienceSpanView> spans, OutputShows shows) => TimeSpan.FromSeconds(spans.Where(span => span.Shows == shows).Sum(static span => span.Seconds));

#pragma warning disable RS0030 // Times of day of one record, which are drawn and not waited for.
    private static double Seconds(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (to - from).TotalSeconds);
#pragma warning restore RS0030
}

/// <summary>A part of the band.</summary>
/// <param name="Span">The part of the day.</param>
/// <param name="Left">Where it begins.</param>
/// <param name="Width">How wide it is.</param>
internal sealed record BandBar(AudienceSpanView Span, double Left, double Width)
{
    /// <summary>How high it is.</summary>
    public int Height => AudienceBand.HeightOf(Span.Shows);

    /// <summary>Whether what lies behind it has to be cut out first: it is lower than its neighbours and may be drawn wider than it is.</summary>
    public bool IsNotch => Span.Shows != OutputShows.Live;
}

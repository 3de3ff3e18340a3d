using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Streams.Api.Telemetry;

/// <summary>Metrics of the API: its counters, histograms and gauges, in the meter <see cref="MeterName"/>.</summary>
internal sealed class ApiInstruments
{
    /// <summary>The meter's name: the grains' instruments have the same.</summary>
    public const string MeterName = "Streams";

    /// <summary>Outcome of an invalid event, which was answered with 4xx.</summary>
    public const string Refused = "Refused";

    /// <summary>Outcome of an event that no silo saved in time.</summary>
    public const string Unavailable = "Unavailable";

    /// <summary>Outcome of an event that failed in the stream's grain.</summary>
    public const string Fault = "Fault";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2, 5] };

    private static readonly string[] Failures = [Refused, Unavailable, Fault];

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _mediaAccess;
    private readonly Histogram<double> _hookDelay;
    private readonly Histogram<double> _feedDelay;

    public ApiInstruments(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _events = _meter.CreateCounter<long>("streams.hook.events", "{event}", "Events of MediaMTX's hooks, by kind and by what became of them.");
        _mediaAccess = _meter.CreateCounter<long>("streams.media_access.requests", "{request}", "Questions of MediaMTX who may publish or read, by action and by the answer.");
        _hookDelay = _meter.CreateHistogram("streams.hook.delay", "s", "From the hook's look at the event until the stream had taken and saved it, by the hook's clock.", null, Seconds);
        _feedDelay = _meter.CreateHistogram("streams.feed.delay", "s", "From what happened in a silo until it was handed to this process's clients of the feed.", null, Seconds);

        // A series that begins with its first count has no increase by it, and an alert would miss the first refusal.
        foreach (SourceEventKind kind in Enum.GetValues<SourceEventKind>())
        {
            Array.ForEach(Failures, outcome => _events.Add(0, Tags(kind, outcome)));
        }

        foreach (PathRole role in Enum.GetValues<PathRole>())
        {
            _mediaAccess.Add(0, new("action", "publish"), new("path", role.ToString()), new("outcome", Refused));
        }
    }

    /// <summary>Counts an event that its stream received, and records its delay if the hook gave the time.</summary>
    public void CountReceived(SourceEventKind kind, EventOutcome outcome, TimeSpan? delay)
    {
        CountEvent(kind, outcome.ToString());
        if (delay is { } known)
        {
            _hookDelay.Record(Math.Max(0, known.TotalSeconds));
        }
    }

    /// <summary>Counts an event that its stream did not receive.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="outcome"><see cref="Refused"/>, <see cref="Unavailable"/> or <see cref="Fault"/>.</param>
    public void CountEvent(SourceEventKind kind, string outcome) => _events.Add(1, Tags(kind, outcome));

    /// <summary>Counts an authentication request of MediaMTX.</summary>
    /// <param name="action">What; anything but MediaMTX's own words is counted as <c>other</c>, since a label must have few values.</param>
    /// <param name="role">Of which of a stream's paths; null for none.</param>
    /// <param name="outcome"><c>Allowed</c>, <c>Asked</c> (for credentials), <c>Refused</c>, <c>Blocked</c> or <c>Unavailable</c>.</param>
    public void CountMediaAccess(string? action, PathRole? role, string outcome)
    {
        string known = action is "publish" or "read" or "playback" or "api" or "metrics" or "pprof" ? action : "other";
        _mediaAccess.Add(1, new("action", known), new("path", role?.ToString() ?? ""), new("outcome", outcome));
    }

    /// <summary>Adds the gauge of the feed's clients, which is read at scrape time.</summary>
    /// <param name="count">How many there are now.</param>
    public void ObserveFeedClients(Func<int> count) => _meter.CreateObservableGauge("streams.feed.clients", count, "{client}", "Clients that follow the feed.");

    /// <summary>Records how long a feed item took from its silo to the clients of this process.</summary>
    public void RecordFeedDelay(TimeSpan delay) => _feedDelay.Record(Math.Max(0, delay.TotalSeconds));

    private static TagList Tags(SourceEventKind kind, string outcome) => new() { { "kind", kind.ToString() }, { "outcome", outcome } };
}

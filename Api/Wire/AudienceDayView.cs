namespace Streams.Api.Wire;

/// <summary>What a stream's output showed to its audience over the last 24 hours.</summary>
public sealed record AudienceDayView
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Where it begins, UTC: 24 hours ago, or later for a stream of which less is recorded.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Where it ends, UTC: now.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The parts of that time, oldest first and without gaps; none for a stream of which nothing is recorded.</summary>
    public required IReadOnlyList<AudienceSpanView> Spans { get; init; }

    /// <summary>For how long of it nobody published the output although the input was live, or the slate was shown, in seconds.</summary>
    public required double AwaySeconds { get; init; }

    /// <summary>The interruptions of this broadcast; absent before its first output.</summary>
    public AudienceView? Broadcast { get; init; }

    internal static AudienceDayView Of(StreamStatus status, DateTimeOffset now)
    {
        DateTimeOffset to = now.ToUniversalTime();
#pragma warning disable RS0030 // The time of day of a day ago, for people.
        DateTimeOffset from = to - Day;
#pragma warning restore RS0030
        OutputSpan[] day = status.Day.IsDefault ? [] : [.. status.Day.Where(span => span.Since < to)]; // What is planned, or was recorded by a clock ahead of this one, is not yet.
        AudienceSpanView[] spans =
        [
            .. day.Select((span, index) => AudienceSpanView.Of(span, from, index + 1 < day.Length ? day[index + 1].Since.ToUniversalTime() : to)).Where(static span => span.To > span.From),
        ];
        return new()
        {
            From = spans is [var first, ..] ? first.From : to,
            To = to,
            Spans = spans,
            AwaySeconds = Math.Round(spans.Sum(static span => span.AwaySeconds), 1),
            Broadcast = status.Audience is { } audience ? AudienceView.Of(audience) : null,
        };
    }
}

/// <summary>A part of a day in which an output showed one thing.</summary>
public sealed record AudienceSpanView
{
    /// <summary>What it showed; of a part with <c>changes</c> what it showed for longest.</summary>
    public required OutputShows Shows { get; init; }

    /// <summary>When that began, UTC.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When that ended, UTC; now for what it shows.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How long it lasted, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>How often the output changed within it: shorter parts of a day with many changes are joined. Absent for a part that is exact.</summary>
    public int? Changes { get; init; }

    /// <summary>For how long of it nobody published the output, in seconds.</summary>
    public required double AwaySeconds { get; init; }

    internal static AudienceSpanView Of(OutputSpan span, DateTimeOffset earliest, DateTimeOffset to)
    {
        DateTimeOffset from = span.Since > earliest ? span.Since.ToUniversalTime() : earliest;
#pragma warning disable RS0030 // Two times of day of one record, which are shown and not waited for.
        double seconds = Math.Max(0, (to - from).TotalSeconds);
#pragma warning restore RS0030
        return new()
        {
            Shows = span.Shows,
            From = from,
            To = to,
            Seconds = Math.Round(seconds, 1),
            Changes = span.Joined?.Changes,
            AwaySeconds = Math.Round(span.Joined is { } joined ? Math.Min(joined.Away.TotalSeconds, seconds) : span.Shows is OutputShows.Dark or OutputShows.Slate ? seconds : 0, 1),
        };
    }
}

namespace Streams.Verify.Results;

/// <summary>Report of a verification.</summary>
internal sealed record Report
{
    /// <summary>Start of the run, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The media server of the run: MediaMTX and its origin, or the stand-in.</summary>
    public required string MediaServer { get; init; }

    /// <summary>The machine.</summary>
    public required string Machine { get; init; }

    /// <summary>The verified commit.</summary>
    public required string Commit { get; init; }

    /// <summary>A row for each requested criterion.</summary>
    public required IReadOnlyList<ReportRow> Rows { get; init; }

    /// <summary>Whether all of them are met.</summary>
    public bool Passed => Rows.All(static row => row.Passed);
}

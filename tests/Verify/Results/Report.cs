namespace Streams.Verify.Results;

/// <summary>All that a verification found.</summary>
internal sealed record Report
{
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which media server it ran on: MediaMTX and where from, or the stand-in.</summary>
    public required string MediaServer { get; init; }

    /// <summary>What machine it ran on.</summary>
    public required string Machine { get; init; }

    /// <summary>What was verified.</summary>
    public required string Commit { get; init; }

    /// <summary>One row for each criterion that was asked for.</summary>
    public required IReadOnlyList<ReportRow> Rows { get; init; }

    /// <summary>Whether all of them are met.</summary>
    public bool Passed => Rows.All(static row => row.Passed);
}

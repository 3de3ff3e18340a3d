namespace Streams.Verify.Results;

/// <summary>One criterion in a <see cref="Report"/>.</summary>
/// <param name="Criterion">The criterion.</param>
/// <param name="One">Result with one stream; null where that has no meaning.</param>
/// <param name="Five">Result with five concurrent streams.</param>
internal sealed record ReportRow(Criterion Criterion, Outcome? One, Outcome Five)
{
    /// <summary>Whether both are met.</summary>
    public bool Passed => One?.Passed != false && Five.Passed;

    /// <summary>SC-011: every other criterion is met with five streams.</summary>
    public static ReportRow OfConcurrency(IReadOnlyList<ReportRow> others)
    {
        string[] failed = [.. others.Where(static row => !row.Five.Passed).Select(static row => row.Criterion.Id)];
        return new ReportRow(Criterion.Of("SC-011"), null, new Outcome
        {
            Passed = failed.Length == 0 && others.Count > 0,
            Measured = failed.Length == 0 ? $"{others.Count} of {others.Count} met" : $"not met: {string.Join(", ", failed)}",
        });
    }
}

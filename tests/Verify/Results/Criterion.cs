namespace Streams.Verify.Results;

/// <summary>A success criterion of docs/requirements.md.</summary>
/// <param name="Id">Its stable id.</param>
/// <param name="Text">What is required.</param>
/// <param name="Target">The target.</param>
/// <param name="Limit">Maximum of the 95th percentile, for a criterion that is a time.</param>
internal sealed record Criterion(string Id, string Text, string Target, TimeSpan? Limit = null)
{
    /// <summary>All criteria, in the order of the table.</summary>
    public static IReadOnlyList<Criterion> All { get; } =
    [
        Timed("SC-001", "`make dev` until all services answer, once built", 30_000),
        Timed("SC-002", "input available in MediaMTX until the API has taken the ready event", 1_000),
        Timed("SC-003", "publisher gone until the API has taken the not-ready event", 1_000),
        Timed("SC-004", "latency the worker's read adds (RTSP)", 500),
        Timed("SC-005", "worker started until its output is available in MediaMTX", 1_000),
        Timed("SC-006", "Control API `GET /v3/paths/list`", 100),
        Timed("SC-007", "MediaMTX `GET /metrics`", 100),
        new("SC-008", "every documented command works as written", "all"),
        new("SC-009", "logs carry the correlation fields", "all lines about a stream"),
        new("SC-010", "test suites pass, line coverage", ">= 80 %, the hook 100 %"),
        new("SC-011", "5 concurrent streams", "no criterion above degrades"),
        new("SC-012", "every kind of input that MediaMTX takes", "output < 3 s with the same tracks, or one refusal"),
        new("SC-013", "readers of `/out` lost; time to a clean picture; step of time stamps", "0; one GOP + 0.3 s planned, one GOP + 0.8 s after a crash; 0.2 s"),
    ];

    /// <summary>The criterion with an id.</summary>
    public static Criterion Of(string id) => All.Single(criterion => criterion.Id == id);

    private static Criterion Timed(string id, string text, int milliseconds)
    {
        TimeSpan limit = TimeSpan.FromMilliseconds(milliseconds);
        return new Criterion(id, text, $"< {(milliseconds >= 1_000 ? $"{limit.TotalSeconds:0} s" : $"{milliseconds} ms")}", limit);
    }
}

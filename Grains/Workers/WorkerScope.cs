namespace Streams.Grains.Workers;

/// <summary>The correlation fields of a log line about a worker's run (FR-012), spelled as those of its stream.</summary>
internal static class WorkerScope
{
    public static Dictionary<string, object?> Of(WorkerRun run, int? pid) => new()
    {
        ["StreamId"] = run.StreamId.Value,
        ["SourceId"] = run.Source.Id,
        ["SourceType"] = run.Source.Type,
        ["Generation"] = run.Generation,
        ["WorkerPid"] = pid,
        ["TraceId"] = run.Trace.TraceId.ToHexString(),
    };
}

using Streams.Verify.Logs;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-009: the silo's log since the streams were started, with a worker lost on the way so that a failure's lines are among them.</summary>
internal sealed class Correlation : IMeasure
{
    private const int ShownGaps = 10;

    public IReadOnlyList<string> Ids => ["SC-009"];

    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene)
    {
        await scene.Live[0].KillWorker();
        CorrelationCheck check = CorrelationCheck.Of(await scene.Log.ReadLines());
        Outcome outcome = new()
        {
            Passed = check.Checked > 0 && check.Gaps.Count == 0,
            Measured = $"{check.Checked - check.Gaps.Count} of {check.Checked} lines",
            Notes =
            [
                "Every line of the silo's log that has a StreamId or names a stream's path: StreamId, and as far as the event knows them SourceId, SourceType, EventId, Generation, WorkerPid.",
                .. check.Gaps.Take(ShownGaps),
            ],
        };
        return new Dictionary<string, Outcome> { ["SC-009"] = outcome };
    }
}

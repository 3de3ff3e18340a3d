using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-002, 003 and 005: the publishers are killed and come again, one after the other, while the others go on.</summary>
internal sealed class Restarts : IMeasure
{
    private const int Count = 20;

    public IReadOnlyList<string> Ids => ["SC-002", "SC-003", "SC-005"];

    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene)
    {
        List<StartTimes> starts = [.. scene.FirstStarts];
        List<TimeSpan> ends = [];
        for (int restart = 0; restart < Count; restart++)
        {
            LiveStream stream = scene.Live[restart % scene.Live.Count];
            ends.Add(await stream.End());
            starts.Add(await stream.Start());
        }

        return new Dictionary<string, Outcome>
        {
            ["SC-002"] = Outcome.OfTimes(
                "SC-002",
                Samples.Of(starts.Select(static start => start.UntilTaken)),
                "From `availableTime` in the Control API to `InputReady` in the stream's history, which is written after the state is saved."),
            ["SC-003"] = Outcome.OfTimes(
                "SC-003", Samples.Of(ends), "From just before the publisher is killed (SIGKILL) to `InputNotReady` in the stream's history."),
            ["SC-005"] = Outcome.OfTimes(
                "SC-005",
                Samples.Of(starts.Select(static start => start.UntilOutput)),
                "From the worker's `startedAt` in the API to `availableTime` of the output in the Control API; key frames every second."),
        };
    }
}

using System.Diagnostics;
using Streams.Verify.Pictures;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-004: input and output are read at the same time, and the edges of the same flashes compared.</summary>
internal sealed class AddedLatency : IMeasure
{
    private static readonly TimeSpan InAll = TimeSpan.FromSeconds(40);

    public IReadOnlyList<string> Ids => ["SC-004"];

    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene)
    {
        List<TimeSpan> delays = [];
        int unmatched = 0;
        foreach (LiveStream stream in scene.Live)
        {
            FlashMatch match = await Compare(stream, InAll / scene.Live.Count);
            delays.AddRange(match.Delays);
            unmatched += match.Unmatched;
        }

        // A flash that the output shows otherwise than the input (a lost picture) has no delay; were they many, the rest would prove nothing.
        Outcome outcome = unmatched * 2 > delays.Count
            ? Outcome.Unmeasured($"Of {unmatched + (delays.Count / 2)} flashes in the output, {unmatched} were not found in the input.")
            : Outcome.OfTimes(
                "SC-004",
                Samples.Of(delays),
                "Edges of a flashing corner, decoded from `/in` and `/out` by two readers over RTSP at the same time: when `/out` shows one minus when `/in` does.");
        return new Dictionary<string, Outcome>
        {
            ["SC-004"] = unmatched == 0 ? outcome : outcome with { Notes = [.. outcome.Notes, $"{unmatched} flashes of the output had no equal in the input."] },
        };
    }

    private static async Task<FlashMatch> Compare(LiveStream stream, TimeSpan duration)
    {
        long clock = Stopwatch.GetTimestamp();
        IReadOnlyList<Flash>[] seen = await Task.WhenAll(
            PictureReader.Read(stream.Url("in"), duration, clock), PictureReader.Read(stream.Url("out"), duration, clock));
        return FlashMatch.Of(seen[0], seen[1], FlashingPicture.FlashesRepeatAfter);
    }
}

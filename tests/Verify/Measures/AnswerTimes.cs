using System.Diagnostics;
using Streams.Measuring.Timing;
using Streams.Testing;

namespace Streams.Verify;

/// <summary>SC-006 and 007: the Control API's list and the metrics, asked one time after the other with credentials.</summary>
internal sealed class AnswerTimes : IMeasure
{
    private const int Count = 200;

    public IReadOnlyList<string> Ids => ["SC-006", "SC-007"];

    public async Task<IReadOnlyDictionary<string, Outcome>> Take(Scene scene) => new Dictionary<string, Outcome>
    {
        ["SC-006"] = Outcome.OfTimes("SC-006", await Ask(scene.Media, scene.Media.Paths), "With the operator's credentials, until the last byte."),
        ["SC-007"] = Outcome.OfTimes("SC-007", await Ask(scene.Media, scene.Media.Metrics), "With the operator's credentials, until the last byte."),
    };

    private static async Task<Samples> Ask(MediaClient media, Uri address)
    {
        List<TimeSpan> times = [];
        for (int request = 0; request < Count; request++)
        {
            long start = Stopwatch.GetTimestamp();
            await media.Read(address);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return Samples.Of(times);
    }
}

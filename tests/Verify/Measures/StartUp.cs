using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-001: make dev of a tree that is built, until it returns, which it does when all services answer.</summary>
internal sealed class StartUp(Cleanup cleanup) : IMeasure
{
    private const int SecondSystems = 2;

    public IReadOnlyList<string> Ids => ["SC-001"];

    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene)
    {
        List<TimeSpan> times = [.. scene.StartedIn is { } own ? [own] : Array.Empty<TimeSpan>()];
        LocalSystem second = await scene.System.Beside("second");
        cleanup.Push(second.Stop);
        for (int sample = 0; sample < SecondSystems; sample++)
        {
            times.Add(await second.Start());
            await second.Stop();
        }

        string how = scene.StartedIn is null
            ? $"{SecondSystems} starts of a second system on free ports, beside the live streams."
            : $"The start of the system that was measured, and {SecondSystems} of a second one on free ports beside the live streams.";
        return new Dictionary<string, Outcome> { ["SC-001"] = Outcome.OfTimes("SC-001", Samples.Of(times), how) };
    }
}

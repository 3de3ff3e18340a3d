using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-006 and 007: the Control API's list of paths and the metrics, requested one time after the other with credentials.</summary>
internal sealed class AnswerTimes : IMeasure
{
    private const int Count = 200;
    private const string How = "With the operator's credentials, until the last byte.";

    public IReadOnlyList<string> Ids => ["SC-006", "SC-007"];

    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene)
    {
        using HttpClient controlApi = scene.System.Settings.OpenControlApi();
        return new Dictionary<string, Outcome>
        {
            ["SC-006"] = Outcome.OfTimes("SC-006", await HttpLoad.OneByOne(controlApi, "/v3/paths/list", Count), How),
            ["SC-007"] = Outcome.OfTimes("SC-007", await HttpLoad.OneByOne(controlApi, scene.System.Settings["METRICS_URL"], Count), How),
        };
    }
}

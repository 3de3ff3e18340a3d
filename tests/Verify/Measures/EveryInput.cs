using System.Globalization;
using Streams.Verify.Inputs;
using Streams.Verify.Results;
using Streams.Verify.Systems;

namespace Streams.Verify.Measures;

/// <summary>SC-012: inputs of every kind, by every transport; each gives its output, or is refused once.</summary>
internal sealed class EveryInput(Cleanup cleanup) : IMeasure
{
    /// <summary>Maximum number of concurrent publishers, which share the processors with the workers.</summary>
    private const int AtOnce = 3;

    private IReadOnlyDictionary<string, Outcome>? _measured;

    public IReadOnlyList<string> Ids => ["SC-012"];

    /// <summary>A row for each kind of input; empty before the measurement.</summary>
    public IReadOnlyList<ReportRow> Rows { get; private set; } = [];

    /// <summary>Measured once, since it does not depend on the number of streams.</summary>
    public async Task<IReadOnlyDictionary<string, Outcome>> Measure(Scene scene) => _measured ??= await MeasureOnce(scene);

    /// <summary>The rows, and the outcome of all of them.</summary>
    public static (IReadOnlyList<ReportRow> Rows, Outcome Outcome) Sum(IReadOnlyList<InputResult> results)
    {
        Criterion all = Criterion.Of("SC-012");
        ReportRow[] rows = [.. results.Select((result, index) =>
        {
            Outcome outcome = new() { Passed = result.Passed != false, Measured = result.Passed is null ? $"cannot be published here: {result.Measured}" : result.Measured };
            return new ReportRow(new Criterion($"{all.Id}.{(index + 1).ToString("00", CultureInfo.InvariantCulture)}", result.Name, "as SC-012"), null, outcome);
        })];
        int tried = results.Count(static result => result.Passed is not null);
        int passed = results.Count(static result => result.Passed == true);
        return (rows, new Outcome
        {
            Passed = tried > 0 && passed == tried,
            Measured = $"{passed} of {tried} kinds, {results.Count - tried} cannot be published here",
            Notes =
            [
                "Published with ffmpeg, or with GStreamer where that cannot; beside the live streams, three at once. From `availableTime` of the input to that of the output, both in the Control API. MediaMTX hands on nothing of a picture that it pulls before a key frame: one every 10 s has that time more.",
                .. results.Where(static result => result.Passed == false).Select(static result => $"FAILED {result.Name}: {result.Measured}"),
                .. results.Where(static result => result.Passed is null).Select(static result => $"cannot be published here: {result.Name}: {result.Measured}"),
            ],
        });
    }

    private async Task<IReadOnlyDictionary<string, Outcome>> MeasureOnce(Scene scene)
    {
        using SemaphoreSlim places = new(AtOnce);
        string run = $"in{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        TestInput[] inputs = [.. TestInputs.Pictures, .. TestInputs.Sounds];
        IReadOnlyList<InputResult>[] results = await Task.WhenAll(inputs.SelectMany((input, index) =>
        {
            InputTrial trial = new(scene, input, $"{run}-{index}", cleanup);
            return (Task<IReadOnlyList<InputResult>>[])[InPlace(trial.ByRtmp), InPlace(trial.ByRtsp)];
        }));
        (Rows, Outcome outcome) = Sum([.. results.SelectMany(static result => result)]);
        return new Dictionary<string, Outcome> { ["SC-012"] = outcome };

        async Task<IReadOnlyList<InputResult>> InPlace(Func<Task<IReadOnlyList<InputResult>>> publish)
        {
            await places.WaitAsync();
            try
            {
                return await publish();
            }
            finally
            {
                places.Release();
            }
        }
    }
}

using System.Globalization;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Run time of the hook's process, compared with curl.</summary>
internal sealed class HookBenchmark : IBenchmark
{
    private const int Runs = 100;
    private const int WarmUps = 100;
    private const double Target = 10;

    public string Name => "hook";

    public string Title => "The hook, from start to exit";

    public string How =>
        "`mtx-hook ready`, `curl` posting the same event to the same silo, and `true`, which does nothing, in turn. It is timed around the two system calls that "
        + "start a process and wait for its exit.";

    public async Task<Findings> Run(Bench bench)
    {
        string curl = ChildProgram.Find("curl") ?? throw new InvalidOperationException("There is no curl to compare with: make setup.");
        string nothing = ChildProgram.Find("true") ?? throw new InvalidOperationException("There is no program 'true' on the PATH.");
        StreamsSystem system = await bench.Start(FakeProfile.With("progress"));
        await system.StopMedia(); // Its hooks and polls would be timed too.
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{system.ApiPort}");
        SpawnedProgram[] programs = [new(await PublishedHook.Executable(), ["ready"], HookVariables(url)), Curl(curl, url), new(nothing, [], Path())];
        List<TimeSpan>[] times = [[], [], []];
        await Task.Run(() =>
        {
            for (int run = -WarmUps; run < Runs; run++)
            {
                for (int i = 0; i < programs.Length; i++)
                {
                    TimeSpan took = programs[i].Run();
                    if (run >= 0)
                    {
                        times[i].Add(took);
                    }
                }
            }
        });
        return Describe(Samples.Of(times[0]), Samples.Of(times[1]), Samples.Of(times[2]));
    }

    private static Findings Describe(Samples hook, Samples curl, Samples nothing) => new(
        [
            hook.RowOfP50("mtx-hook").Against("curl", curl.P50) with { AtMost = Target, RatioAtMost = 2 },
            hook.RowOfP95("mtx-hook").Against("curl", curl.P95) with { RatioAtMost = 1 },
            nothing.RowOfP50("a program that does nothing"),
        ],
        new Chart("hook", "Start to exit, p50", "ms", [new Bar("mtx-hook", hook.P50), new Bar("curl", curl.P50, true), new Bar("does nothing", nothing.P50, true)], Target));

    private static Dictionary<string, string> Path() => new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" };

    private static Dictionary<string, string> HookVariables(string url) => new(Path())
    {
        ["ORCHESTRATOR_URL"] = url,
        ["MTX_PATH"] = "live/bench/out",
        ["MTX_QUERY"] = "",
        ["MTX_SOURCE_TYPE"] = "rtmpConn",
        ["MTX_SOURCE_ID"] = "b1f5f9a4-8f4e-4a51-a4a1-0c8f3a1a5b11",
    };

    private static SpawnedProgram Curl(string file, string url)
    {
        const string Event = """{"path":"live/bench/out","sourceType":"rtmpConn","sourceId":"b1f5f9a4-8f4e-4a51-a4a1-0c8f3a1a5b11","query":""}""";
        return new SpawnedProgram(
            file,
            ["--silent", "--output", "/dev/null", "--fail", "--request", "POST", "--header", "Content-Type: application/json", "--data", Event, $"{url}/v1/mediamtx/events/ready"],
            Path());
    }
}

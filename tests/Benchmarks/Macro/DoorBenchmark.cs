using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Load from unknown clients: connections that send nothing, guessed publish keys, ids that never existed.</summary>
internal sealed class DoorBenchmark : IBenchmark
{
    private const int Silent = 1_100;
    private const int Requests = 100;
    private const int Guesses = 20_000;
    private const int Ids = 50_000;
    private const int AtOnce = 16;
    private const double Target = 50;

    public string Name => "door";

    public string Title => "Strangers at the door";

    public string How =>
        $"{Requests} events as the hook posts them and {Requests} questions of MediaMTX who may publish, one after the other, each by a connection of its own, beside {Silent} connections that send nothing; all are answered. "
        + $"The reference is the same without those connections. Then {Guesses} guesses of the publish key, each for another path, and in a service without tokens {Ids} ids that never existed: "
        + "each is asked for by `GET /v1/streams/{id}` and by the question whether somebody may read it.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(FakeProfile.With("progress"), isClosed: true);
        await system.StopMedia(); // It would correct what is invented here.
        await TimeRequests(system); // Warm-up.
        (Samples Events, Samples Questions) alone = await TimeRequests(system);
        List<Row> rows = [];
        foreach (int addresses in new[] { 1, 200 })
        {
            string from = $"{Numbers.Text(Silent)} silent from {(addresses == 1 ? "one address" : $"{addresses} addresses")}";
            Bench.Report(from);
            using SilentConnections silent = new(system.ApiPort);
            await silent.Open(Silent, addresses);
            (Samples events, Samples questions) = await TimeRequests(system);
            rows.Add(events.RowOfP95($"event, {from}").Against("no silent ones", alone.Events.P95) with { AtMost = Target });
            rows.Add(questions.RowOfP95($"question who may publish, {from}").Against("no silent ones", alone.Questions.P95) with { AtMost = Target });
        }

        rows.AddRange(await Guess(system, bench));
        rows.Add(await MeasureMemory(await bench.Start(FakeProfile.With("progress"))));
        return new Findings(rows);
    }

    private static async Task<(Samples Events, Samples Questions)> TimeRequests(StreamsSystem system)
    {
        List<TimeSpan> events = [];
        List<TimeSpan> questions = [];
        for (int number = 0; number < Requests; number++)
        {
            using HttpRequestMessage happened = StreamsClient.Event(true, $"live/door-{number % 10}/out", $"source-{number}", Guid.NewGuid());
            events.Add(await TimeOnce(system, happened, HttpStatusCode.Accepted));
            using HttpRequestMessage question = AuthRequest("publish", $"live/door-{number}/in", ClosedSystem.PublishKey);
            questions.Add(await TimeOnce(system, question, HttpStatusCode.NoContent));
        }

        return (Samples.Of(events), Samples.Of(questions));
    }

    private static Task<TimeSpan> TimeOnce(StreamsSystem system, HttpRequestMessage request, HttpStatusCode expected)
    {
        request.Headers.ConnectionClose = true;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClosedSystem.HookToken);
        return HttpLoad.Time(system.Api, request, expected);
    }

    private static async Task<Row[]> Guess(StreamsSystem system, Bench bench)
    {
        Bench.Report($"{Guesses} guesses");
        long logBefore = new FileInfo(bench.SiloLog).Length;
        int checkedKeys = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Guesses), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, ends) =>
        {
            using HttpRequestMessage question = AuthRequest("publish", $"live/guess-{number}/in", "not-the-key-of-any-stream");
            question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClosedSystem.HookToken);
            using HttpResponseMessage answer = await system.Api.SendAsync(question, ends);
            if ((int)answer.StatusCode != 429)
            {
                Interlocked.Increment(ref checkedKeys);
            }
        });
        return
        [
            new Row { What = "guesses looked at before 429", Value = checkedKeys, Unit = "guesses", AtMost = 10, Note = $"of {Numbers.Text(Guesses)}, each for another path" },
            new Row { What = "log of all of them", Value = (new FileInfo(bench.SiloLog).Length - logBefore) / 1024.0, Unit = "KB" },
        ];
    }

    private static async Task<Row> MeasureMemory(StreamsSystem system)
    {
        Bench.Report($"{Ids} ids that never existed");
        await system.StopMedia();
        SiloMeter meter = new(system);
        await RequestIds(system, "warm", Ids / 10);
        double before = await meter.HeapKb();
        await RequestIds(system, "never", Ids);
        return new Row { What = $"heap grown by {Numbers.Text(Ids)} ids that never existed", Value = await meter.HeapKb() - before, Unit = "KB", AtMost = 4_096, Note = $"before: {Numbers.Text(before)} KB" };
    }

    private static Task RequestIds(StreamsSystem system, string prefix, int count) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, ends) =>
        {
            using HttpResponseMessage status = await system.Api.GetAsync(new Uri($"/v1/streams/{prefix}-{number}", UriKind.Relative), ends);
            using HttpRequestMessage question = AuthRequest("read", $"live/{prefix}-{number}/out", "y");
            using HttpResponseMessage answer = await system.Api.SendAsync(question, ends);
            if (((int)status.StatusCode, (int)answer.StatusCode) is not (404, 204) and var wrong)
            {
                throw new InvalidOperationException($"An id that never existed was answered with {wrong}.");
            }
        });

    private static HttpRequestMessage AuthRequest(string action, string path, string password) => new(HttpMethod.Post, new Uri("/v1/mediamtx/auth", UriKind.Relative))
    {
        Content = new StringContent($$"""{"action":"{{action}}","path":"{{path}}","password":"{{password}}","user":"any","ip":"10.0.0.9"}""", Encoding.UTF8, "application/json"),
    };
}

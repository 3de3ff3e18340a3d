using System.Net.Http.Headers;
using System.Text;
using Streams.Measuring.Timing;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Strangers at the door of a real silo.</summary>
public sealed class FrontDoorTests(ITestOutputHelper report)
{
    private const int Silent = 1_100;
    private const int Asked = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public async Task Beside_1100_silent_connections_every_hook_and_every_authorisation_gets_through(int addresses)
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"), isClosed: true);
        await Ask(system); // What is compiled at the first request does not count.
        using SilentConnections silent = new(system.ApiPort);
        await silent.Open(Silent, addresses);
        report.WriteLine($"{Silent} silent connections from {addresses} address(es), {silent.CountOpen()} of them open: {await Ask(system)} (target p95 <= 50 ms)");

        using CancellationTokenSource ends = new();
        Task<int> reopening = Task.Run(() => silent.Reopen(50, ends.Token));
        report.WriteLine($"the same, opened again when they are closed: {await Ask(system)}");
        await ends.CancelAsync();
        report.WriteLine($"{await reopening} were opened again; {silent.CountOpen()} are open");
        await Eventually.Get(() => silent.CountOpen(), static open => open <= 512, "no more than 512 of them open");
    }

    [Fact]
    public async Task Asking_for_ids_that_never_existed_and_guessing_keys_wakes_no_grain_and_fills_no_log()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"), isClosed: true);
        Assert.Equal(202, await Post(system, "/v1/mediamtx/events/ready", """{"path":"live/known/out","sourceType":"rtmpConn","sourceId":"source","query":""}"""));
        Assert.Equal(1, await StreamGrains(system));
        int[] statuses = new int[2_000];
        for (int number = 0; number < statuses.Length; number++)
        {
            statuses[number] = await Authorise(system, "publish", $"live/never-{number}/{(number % 2 == 0 ? "in" : "out")}", "not-the-key-of-any-stream", "10.0.0.9");
            using HttpResponseMessage unknown = await system.Api.GetAsync(new Uri($"/v1/streams/never-{number}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(404, (int)unknown.StatusCode);
        }

        Assert.All(statuses[..10], static status => Assert.Equal(401, status));
        Assert.All(statuses[10..], static status => Assert.Equal(429, status));
        Assert.Equal(1, await StreamGrains(system));
        Assert.InRange(system.Silo.Lines.Count(static line => line.Contains("\"LogId\":1731", StringComparison.Ordinal)), 1, 20);
    }

    /// <summary>Runs the hook as MediaMTX does, posts what it posts, and asks what MediaMTX asks; each by a connection of its own, and all must get through.</summary>
    private static async Task<string> Ask(StreamsSystem system)
    {
        List<TimeSpan> hooks = [];
        List<TimeSpan> events = [];
        List<TimeSpan> authorisations = [];
        for (int number = 0; number < Asked; number++)
        {
            string path = $"live/door-{number % 10}/out";
            if (number % 5 == 0)
            {
                hooks.Add(await Elapsed.Of(async () => Assert.Equal((0, ""), await RunHook(system, path))));
            }

            events.Add(await Elapsed.Of(async () => Assert.Equal(202, await Post(
                system, "/v1/mediamtx/events/ready", $$"""{"path":"{{path}}","sourceType":"rtmpConn","sourceId":"source-{{number}}","query":""}"""))));
            authorisations.Add(await Elapsed.Of(async () => Assert.Equal(204, await Authorise(system, "publish", $"live/door-{number}/in", ClosedSystem.PublishKey, "10.0.0.1"))));
        }

        return $"hook {Samples.Of(hooks)}, event {Samples.Of(events)}, authorisation {Samples.Of(authorisations)}";
    }

    private static async Task<(int Code, string Output)> RunHook(StreamsSystem system, string path)
    {
        await using ChildProgram hook = ChildProgram.Start(await PublishedHook.Executable(), ["ready"], new Dictionary<string, string>
        {
            ["ORCHESTRATOR_URL"] = $"http://127.0.0.1:{system.ApiPort}",
            ["ORCHESTRATOR_TOKEN"] = ClosedSystem.HookToken,
            ["MTX_PATH"] = path,
            ["MTX_SOURCE_TYPE"] = "rtmpConn",
            ["MTX_SOURCE_ID"] = "by-the-hook",
        });
        int code = await hook.WaitForEnd();
        return (code, hook.Output);
    }

    private static Task<int> Authorise(StreamsSystem system, string action, string path, string password, string ip) =>
        Post(system, "/v1/mediamtx/auth", $$"""{"action":"{{action}}","path":"{{path}}","password":"{{password}}","user":"any","ip":"{{ip}}"}""");

    private static async Task<int> Post(StreamsSystem system, string path, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClosedSystem.HookToken);
        request.Headers.ConnectionClose = true;
        using HttpResponseMessage answer = await system.Api.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>How many grains of streams were activated since the silo began.</summary>
    private static async Task<double> StreamGrains(StreamsSystem system)
    {
        string text = await system.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return PrometheusText.Read(text, static label => label.StartsWith("otel_scope", StringComparison.Ordinal))["orleans_catalog_activation_created_total{grain_type=\"stream\"}"];
    }
}

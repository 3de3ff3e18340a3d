using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class NodesTests(ApiFixture api)
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Silos_and_media_servers_are_shown()
    {
        FakeCluster.Silos = [new SiloReport { Address = "S1", Name = "silo-1", Version = "1.0", Host = "h", Pid = 7, StartedAt = At, Workers = 3, Waiting = 1, MaxWorkers = 4, Cpu = 0.12345, MemoryBytes = 1000, At = At, Profiles = ["a", "b"], DefaultProfile = "a" }];
        FakeCluster.Node = new MediaNodeStatus
        {
            Name = "default",
            IsReachable = true,
            Since = At,
            Version = "v1.20.1",
            LastAnswerAt = At,
            AnswerTime = TimeSpan.FromMilliseconds(1.26),
            LivePaths = 6,
            Corrections = 2,
        };
        JsonElement nodes = JsonElement.Parse(await api.Http.GetStringAsync(new Uri("/v1/nodes", UriKind.Relative)));
        Assert.Equal(
            """[{"name":"S1","siloName":"silo-1","state":"Active","version":"1.0","host":"h","pid":7,"startedAt":"2026-11-22T12:00:00+00:00","workers":3,"standbys":0,"waiting":1,"maxWorkers":4,"cpu":0.123,"memoryBytes":1000,"profiles":["a","b"],"defaultProfile":"a"}]""",
            nodes.GetProperty("silos").GetRawText());
        Assert.Equal(
            """[{"name":"default","isReachable":true,"since":"2026-11-22T12:00:00+00:00","version":"v1.20.1","lastAnswerAt":"2026-11-22T12:00:00+00:00","answerMilliseconds":1.3,"livePaths":6,"corrections":2}]""",
            nodes.GetProperty("mediaNodes").GetRawText());
    }

    [Fact]
    public async Task A_silo_is_drained_by_its_name()
    {
        FakeCluster.Drains["silo-9"] = new DrainReceipt(Silo("silo-9"), ["silo-9"]);
        using HttpResponseMessage answer = await api.Http.PostAsync(new Uri("/v1/silos/silo-9/drain", UriKind.Relative), null);
        Assert.Equal(202, (int)answer.StatusCode);
        JsonElement silo = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(("silo-9", "Draining"), (silo.GetProperty("siloName").GetString(), silo.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_silo_that_there_is_not_is_404_with_those_that_there_are()
    {
        FakeCluster.Drains["silo-8"] = new DrainReceipt(null, ["silo-1", "silo-2"]);
        using HttpResponseMessage answer = await api.Http.PostAsync(new Uri("/v1/silos/silo-8/drain", UriKind.Relative), null);
        Assert.Contains("silo-1, silo-2", (await ApiFixture.Problem(answer, 404)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_is_alone_is_not_drained()
    {
        FakeCluster.Drains["silo-7"] = new DrainReceipt(Silo("silo-7"), ["silo-7"], "It is the only silo.");
        using HttpResponseMessage answer = await api.Http.PostAsync(new Uri("/v1/silos/silo-7/drain", UriKind.Relative), null);
        Assert.Contains("only silo", (await ApiFixture.Problem(answer, 409)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using HttpResponseMessage page = await api.Http.GetAsync(new Uri("/silos/silo-7/drain", UriKind.Relative));
        Assert.Contains("Drain silo-7?", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static SiloReport Silo(string name) => new() { Address = "S" + name, Name = name, Host = "h", Pid = 7, StartedAt = At, At = At };
}

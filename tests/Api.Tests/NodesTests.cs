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
        FakeCluster.Silos = [new SiloReport { Name = "S1", Host = "h", Pid = 7, StartedAt = At, Workers = 3, Waiting = 1, MaxWorkers = 4, Cpu = 0.12345, MemoryBytes = 1000, At = At, Profiles = ["a", "b"], DefaultProfile = "a" }];
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
            """[{"name":"S1","host":"h","pid":7,"startedAt":"2026-11-22T12:00:00+00:00","workers":3,"waiting":1,"maxWorkers":4,"cpu":0.123,"memoryBytes":1000,"profiles":["a","b"],"defaultProfile":"a"}]""",
            nodes.GetProperty("silos").GetRawText());
        Assert.Equal(
            """[{"name":"default","isReachable":true,"since":"2026-11-22T12:00:00+00:00","version":"v1.20.1","lastAnswerAt":"2026-11-22T12:00:00+00:00","answerMilliseconds":1.3,"livePaths":6,"corrections":2}]""",
            nodes.GetProperty("mediaNodes").GetRawText());
    }
}

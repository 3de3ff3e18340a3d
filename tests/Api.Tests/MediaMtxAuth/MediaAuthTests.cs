using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streams.Api.Tests.Access;
using Streams.Testing;
using Xunit;
using static Streams.Api.Tests.MediaMtxAuth.MediaQuestions;

namespace Streams.Api.Tests.MediaMtxAuth;

/// <summary>Answers to MediaMTX's authentication requests.</summary>
[Collection(ApiCollection.Name)]
public sealed class MediaAuthTests(ApiFixture fixture)
{
    private readonly string _stream = FakeCluster.NewStream();

    [Theory]
    [InlineData("publish", "live/demo/in", Key, 204)]
    [InlineData("publish", "live/demo/in", OtherKey, 401)]
    [InlineData("publish", "live/demo/in", "not-the-key", 401)]
    [InlineData("publish", "live/demo/in", "", 401)]
    [InlineData("publish", "live/another/in", OtherKey, 204)]
    [InlineData("publish", "live/another/in", Key, 401)]
    [InlineData("publish", "live/demo/out", Key, 401)]
    [InlineData("publish", "live/demo/out", OtherKey, 401)]
    [InlineData("publish", "other/path", Key, 401)]
    [InlineData("publish", "live/demo/in/x", Key, 401)]
    [InlineData("publish", "", Key, 401)]
    [InlineData("read", "live/demo/in", "", 204)]
    [InlineData("read", "live/demo/out", "", 204)]
    [InlineData("read", "live/demo/out", "whatever", 204)]
    [InlineData("read", "other/path", "", 401)]
    [InlineData("PUBLISH", "live/demo/in", Key, 401)]
    [InlineData("record", "live/demo/in", Key, 401)]
    [InlineData("", "", "", 401)]
    public async Task Inputs_need_their_streams_key_outputs_a_run_and_reading_is_open(string action, string path, string password, int status)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        Assert.Equal(status, await Ask(api, action, path, password));
    }

    [Fact]
    public async Task A_key_may_come_as_a_token_too()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        Assert.Equal(204, await Ask(api, new JsonObject { ["action"] = "publish", ["path"] = "live/demo/in", ["token"] = Key }));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("metrics")]
    [InlineData("playback")]
    [InlineData("pprof")]
    public async Task MediaMTXs_own_servers_are_for_the_user_of_the_Control_API(string action)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        Assert.Equal(204, await Ask(api, action, "", "api-password", "admin"));
        Assert.Equal(401, await Ask(api, action, "", "api-password", "other"));
        Assert.Equal(401, await Ask(api, action, "", "not-the-key", "admin"));
        Assert.Equal(401, await Ask(api, action, "", Key));
        Assert.Equal(401, await Ask(api, action, "", ""));
    }

    [Fact]
    public async Task Only_the_key_of_the_present_run_writes_the_output_and_reads_a_closed_input()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys) { ["Streams:MediaAuth:ReadKey"] = ReadKey });
        FakeCluster.RunKeys[_stream] = static key => Task.FromResult(key == "key-of-this-run");
        Assert.Equal(204, await Ask(api, "publish", $"live/{_stream}/out", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/out", "key-of-former-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/in", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{FakeCluster.NewStream()}/out", "key-of-this-run"));

        Assert.Equal(204, await Ask(api, "read", $"live/{_stream}/in", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "read", $"live/{_stream}/out", "key-of-this-run"));
        Assert.Equal(204, await Ask(api, "read", $"live/{_stream}/out", ReadKey));
        Assert.Equal(204, await Ask(api, "read", $"live/{_stream}/in", ReadKey));
        Assert.Equal(401, await Ask(api, "read", $"live/{_stream}/in", ""));
    }

    [Fact]
    public async Task A_standbys_key_writes_its_own_path_and_the_output_while_it_steps_in_whether_its_stream_answers_or_not()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys) { ["Streams:Api:GrainTimeout"] = "00:00:02" });
        FakeCluster.StandbyKeys[_stream] = (7, "key-of-standby");
        Assert.Equal(204, await Ask(api, "publish", $"live/{_stream}/w7", "key-of-standby"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/w8", "key-of-standby"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/w7", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/w7", ""));
        Assert.Equal(204, await Ask(api, "publish", $"live/{_stream}/out", "key-of-standby"));

        TaskCompletionSource<bool> never = new();
        FakeCluster.RunKeys[_stream] = _ => never.Task;
        Task<int> asked = Ask(api, "publish", $"live/{_stream}/out", "key-of-standby");
        Assert.Equal(204, await asked);
        Assert.False(never.Task.IsCompleted);
        never.SetResult(false);
    }

    [Fact]
    public async Task A_stream_that_does_not_answer_is_503_so_MediaMTX_refuses()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys) { ["Streams:Api:GrainTimeout"] = "00:00:00.050" });
        TaskCompletionSource<bool> never = new();
        FakeCluster.RunKeys[_stream] = _ => never.Task;
        using HttpResponseMessage answer = await Post(api.Http, new JsonObject { ["action"] = "publish", ["path"] = $"live/{_stream}/out", ["password"] = "any" }.ToJsonString());
        never.SetResult(false);
        await ApiFixture.Problem(answer, 503);
    }

    [Fact]
    public async Task Every_question_of_a_real_MediaMTX_is_understood()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys)
        {
            ["Streams:MediaAuth:PublishKeys:demo"] = "key123-and-some-more",
            ["Streams:Media:ApiPassword"] = "admin",
        });
        string[] lines = await File.ReadAllLinesAsync(
            Repository.PathOf("tests", "Api.Tests", "MediaMtxAuth", "Recordings", "http-auth.jsonl"), TestContext.Current.CancellationToken);
        List<int> statuses = [];
        foreach (string line in lines)
        {
            // The recorded publisher's key is shorter than ours may be.
            string body = JsonNode.Parse(line)!["body"]!.ToJsonString().Replace("key123", "key123-and-some-more", StringComparison.Ordinal);
            using HttpResponseMessage answer = await Post(api.Http, body);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([204, 204, 204, 204, 401, 401, 401], statuses);
    }

    [Theory]
    [InlineData("", "application/json", 400)]
    [InlineData("{", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("""{"action":7}""", "application/json", 400)]
    [InlineData("""{"action":{"x":1}}""", "application/json", 400)]
    [InlineData("""{"action":"api","action":"read"}""", "application/json", 400)]
    [InlineData("""{"path":"\ud800"}""", "application/json", 400)]
    [InlineData("""{"action":"read","path":"live/demo/in"}""", "text/plain", 415)]
    [InlineData("""{"action":"read","path":"live/demo/in","more":{"x":[1]}}""", "application/json", 204)]
    public async Task Hostile_bodies_are_refused_and_unknown_fields_ignored(string body, string type, int status)
    {
        using HttpResponseMessage answer = await Post(fixture.Http, body, type);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        using HttpResponseMessage answer = await Post(api.Http, new JsonObject { ["action"] = "read", ["query"] = new string('x', 20_000) }.ToJsonString());
        await ApiFixture.Problem(answer, 413);
    }

    [Fact]
    public async Task MediaMTX_itself_needs_the_hooks_token_which_it_sends_as_Basic()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        const string Body = """{"action":"read","path":"live/demo/in"}""";
        Assert.Equal(401, await api.Status(HttpMethod.Post, "/v1/mediamtx/auth"));
        foreach ((string token, int status) in ((string, int)[])[("no-token-0123456789", 401), (ProtectedApi.OperatorToken, 403), (ProtectedApi.HookToken, 204)])
        {
            using HttpResponseMessage answer = await Post(api.Http, Body, authorization: MediaServer.Basic("mtx-hook", token));
            Assert.Equal(status, (int)answer.StatusCode);
        }

        using HttpRequestMessage elsewhere = new(HttpMethod.Get, new Uri("/v1/streams", UriKind.Relative)) { Headers = { Authorization = MediaServer.Basic("x", ProtectedApi.OperatorToken) } };
        using HttpResponseMessage refused = await api.Http.SendAsync(elsewhere);
        Assert.Equal(401, (int)refused.StatusCode);
    }
}

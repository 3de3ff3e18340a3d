using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streams.Api.Tests.Access;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.MediaMtxAuth;

/// <summary>What MediaMTX is told when it asks who may publish and read.</summary>
[Collection(ApiCollection.Name)]
public sealed class MediaAuthTests(ApiFixture fixture)
{
    private const string Key = "publish-key-of-demo-1";
    private const string OtherKey = "publish-key-of-others";
    private const string ReadKey = "read-key-of-everything";

    private static readonly Dictionary<string, string?> Keys = new()
    {
        ["Streams:MediaAuth:PublishKeys:demo"] = Key,
        ["Streams:MediaAuth:DefaultPublishKey"] = OtherKey,
        ["Streams:MediaAuth:FailuresPerMinute"] = "10000",
        ["Streams:Media:ApiUser"] = "admin",
        ["Streams:Media:ApiPassword"] = "api-password",
    };

    private readonly string _stream = Cluster.NewStream();

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
        Cluster.RunKeys[_stream] = static key => Task.FromResult(key == "key-of-this-run");
        Assert.Equal(204, await Ask(api, "publish", $"live/{_stream}/out", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/out", "key-of-former-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/in", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "publish", $"live/{Cluster.NewStream()}/out", "key-of-this-run"));

        Assert.Equal(204, await Ask(api, "read", $"live/{_stream}/in", "key-of-this-run"));
        Assert.Equal(401, await Ask(api, "read", $"live/{_stream}/out", "key-of-this-run"));
        Assert.Equal(204, await Ask(api, "read", $"live/{_stream}/out", ReadKey));
        Assert.Equal(204, await Ask(api, "read", $"live/{_stream}/in", ReadKey));
        Assert.Equal(401, await Ask(api, "read", $"live/{_stream}/in", ""));
    }

    [Fact]
    public async Task A_stream_that_does_not_answer_is_503_so_MediaMTX_refuses()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys) { ["Streams:Api:GrainTimeout"] = "00:00:00.050" });
        TaskCompletionSource<bool> never = new();
        Cluster.RunKeys[_stream] = _ => never.Task;
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

    [Fact]
    public async Task Wrong_keys_are_429_after_some_but_neither_elsewhere_nor_for_who_was_right_before()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys) { ["Streams:MediaAuth:FailuresPerMinute"] = "2" });
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", Key, ip: "10.0.0.1"));
        int[] wrong = [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Ask(api, "publish", "live/demo/in", "not-the-key", ip: "10.0.0.2")))];
        Assert.Equal([401, 401], wrong);
        Assert.Equal(429, await Ask(api, "publish", "live/demo/in", "not-the-key", ip: "10.0.0.2"));
        Assert.Equal(429, await Ask(api, "publish", "live/demo/in", Key, ip: "10.0.0.2"));
        Assert.Equal(401, await Ask(api, "publish", "live/demo/in", "", ip: "10.0.0.2"));
        Assert.Equal(204, await Ask(api, "publish", "live/another/in", OtherKey, ip: "10.0.0.2"));
        Assert.Equal(204, await Ask(api, "read", "live/demo/in", "", ip: "10.0.0.2"));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Ask(api, "publish", "live/demo/in", "not-the-key", ip: "10.0.0.1")));
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", Key, ip: "10.0.0.1"));

        Cluster.RunKeys[_stream] = static key => Task.FromResult(key == "key-of-this-run");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Ask(api, "publish", $"live/{_stream}/out", "not-the-key", ip: "10.0.0.2")));
        Assert.Equal(204, await Ask(api, "publish", $"live/{_stream}/out", "key-of-this-run", ip: "10.0.0.2"));
    }

    [Fact]
    public async Task A_refusal_is_logged_with_the_stream_and_without_the_credentials()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/in", "s3cret-that-is-wrong", "user-that-is-wrong"));
        LogLine line = Assert.Single(api.Logs.About(_stream), static line => line.Id == 1731);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Equal(("publish", $"live/{_stream}/in", "rtmp", "127.0.0.1"), (line.Fields["Action"], line.Fields["Path"], line.Fields["Protocol"], line.Fields["RemoteAddress"]));
        Assert.Contains("key is wrong", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Logs.Lines, static line => line.Text.Contains("s3cret", StringComparison.Ordinal) || line.Text.Contains("user-that-is-wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_file_of_keys_is_read_again_when_it_changes()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# keys\n* key-of-everybody-0\n", TestContext.Current.CancellationToken);
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:MediaAuth:KeyFile"] = file, ["Streams:MediaAuth:FailuresPerMinute"] = "10000" });
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", "key-of-everybody-0"));

        await File.WriteAllTextAsync(file, "* key-of-everybody-0\ndemo key-of-demo-number-1\ndemo key-of-demo-number-2\n", TestContext.Current.CancellationToken);
        await Eventually.Get(() => Ask(api, "publish", "live/demo/in", "key-of-demo-number-1"), static status => status == 204, "the new key taken");
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", "key-of-demo-number-2"));
        Assert.Equal(401, await Ask(api, "publish", "live/demo/in", "key-of-everybody-0"));

        await File.WriteAllTextAsync(file, "demo short\nbad/id key-of-demo-number-3\n", TestContext.Current.CancellationToken);
        LogLine? line = await Eventually.Get(() => api.Logs.Lines.FirstOrDefault(static line => line.Id == 1702), static line => line is not null, "the error logged");
        Assert.Contains("line 1: the key must be", line!.Text, StringComparison.Ordinal);
        Assert.Contains("line 2: a stream id must match", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-demo-number-3", line.Text, StringComparison.Ordinal);
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", "key-of-demo-number-1"));
        File.Delete(file);
    }

    private static Task<int> Ask(ProtectedApi api, string action, string path, string password, string user = "", string ip = "127.0.0.1") => Ask(api, new JsonObject
    {
        ["ip"] = ip,
        ["user"] = user,
        ["password"] = password,
        ["token"] = password,
        ["action"] = action,
        ["path"] = path,
        ["protocol"] = "rtmp",
        ["id"] = Guid.NewGuid().ToString(),
        ["query"] = $"user={user}&pass={password}",
        ["userAgent"] = "test",
    });

    private static async Task<int> Ask(ProtectedApi api, JsonObject question)
    {
        using HttpResponseMessage answer = await Post(api.Http, question.ToJsonString());
        if ((int)answer.StatusCode is not 204 and var status)
        {
            JsonElement problem = await ApiFixture.Problem(answer, status);
            string secret = (string?)question["password"] ?? "";
            Assert.True(secret.Length == 0 || !problem.ToString().Contains(secret, StringComparison.Ordinal));
        }

        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> Post(HttpClient http, string body, string type = "application/json", AuthenticationHeaderValue? authorization = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/mediamtx/auth", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)),
        };
        request.Headers.Authorization = authorization ?? new AuthenticationHeaderValue("Bearer", ProtectedApi.HookToken);
        return await http.SendAsync(request);
    }
}

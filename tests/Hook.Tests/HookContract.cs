using System.Text.Json;
using Xunit;

namespace Streams.Hook.Tests;

/// <summary>What the hook sends and says, asked of its code in this process and of the published executable alike.</summary>
public abstract class HookContract
{
    private const string Secret = "s3cr3t";

    /// <summary>Runs the hook to its end.</summary>
    protected abstract Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments);

    [Theory]
    [InlineData("ready", "", "/v1/mediamtx/events/ready")]
    [InlineData("not-ready", "/", "/v1/mediamtx/events/not-ready")]
    [InlineData("ready", "/streams/api/", "/streams/api/v1/mediamtx/events/ready")]
    public async Task A_transition_is_one_post_of_json_below_the_base_address(string kind, string basePath, string target)
    {
        await using RawServer server = Taking();

        HookRun run = await Run(HookVariables.For(server.Url + basePath), kind);

        run.ShouldBeSilentSuccess();
        ReceivedRequest request = await server.Request;
        Assert.Equal($"POST {target} HTTP/1.1", request.Line);
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal(server.Url["http://".Length..], request.Header("Host"));
        Assert.Equal("close", request.Header("Connection"));
        Assert.Null(request.Header("Authorization"));
        Assert.Matches("^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$", request.Header("traceparent"));
        Assert.Equal("live/demo/in", request.Json.GetProperty("path").GetString());
        Assert.Equal("rtmpConn", request.Json.GetProperty("sourceType").GetString());
        Assert.Equal("31aa777e-fa1a-4f7a-8e71-b3365dac24ff", request.Json.GetProperty("sourceId").GetString());
        Assert.Equal("lang=es&x=a%20b", request.Json.GetProperty("query").GetString());
        Assert.NotEqual(Guid.Empty, request.Json.GetProperty("eventId").GetGuid());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", request.Json.GetProperty("occurredAt").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task No_query_is_an_empty_query(string? query)
    {
        await using RawServer server = Taking();

        HookRun run = await Run(HookVariables.For(server.Url, ("MTX_QUERY", query)), "ready");

        run.ShouldBeSilentSuccess();
        Assert.Equal("", (await server.Request).Json.GetProperty("query").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task What_MediaMTX_pulls_itself_has_a_type_and_no_id(string? sourceId)
    {
        await using RawServer server = Taking();

        HookRun run = await Run(HookVariables.For(server.Url, ("MTX_SOURCE_TYPE", "rtspSource"), ("MTX_SOURCE_ID", sourceId), ("MTX_QUERY", "")), "ready");

        run.ShouldBeSilentSuccess();
        ReceivedRequest request = await server.Request;
        Assert.Equal("rtspSource", request.Json.GetProperty("sourceType").GetString());
        Assert.Equal("", request.Json.GetProperty("sourceId").GetString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("media-1", "media-1")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890_-A", "0123456789012345678901234567890123456789012345678901234567890_-A")]
    public async Task The_media_servers_name_is_sent_where_it_has_one(string? variable, string? sent)
    {
        await using RawServer server = Taking();

        HookRun run = await Run(HookVariables.For(server.Url, ("STREAMS_NODE", variable)), "not-ready");

        run.ShouldBeSilentSuccess();
        Assert.Equal(sent, (await server.Request).Json.TryGetProperty("node", out JsonElement node) ? node.GetString() : null);
    }

    [Fact]
    public async Task A_token_is_sent_as_bearer_and_never_printed()
    {
        await using RawServer server = RawServer.Refusing(401, $$"""{"title":"Bad token {{Secret}}, go away"}""");

        HookRun run = await Run(HookVariables.For(server.Url, ("ORCHESTRATOR_TOKEN", Secret)), "ready");

        JsonElement line = run.ShouldFailWith(1);
        Assert.Equal($"Bearer {Secret}", (await server.Request).Header("Authorization"));
        Assert.DoesNotContain(Secret, run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("refused: 401 Bad token ***, go away", line.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"user%3Dpub%26pass%3D{Secret}%26lang%3Des")]
    [InlineData($"user=pub&Password={Secret}&lang=es")]
    [InlineData($"jwt%3D{Secret}%26lang%3Des%26token%3D{Secret}")]
    public async Task A_publishers_credentials_are_neither_sent_nor_printed(string query)
    {
        await using RawServer server = RawServer.Refusing(500, "{}");

        HookRun run = await Run(HookVariables.For(server.Url, ("MTX_QUERY", query)), "ready");

        run.ShouldFailWith(1);
        ReceivedRequest request = await server.Request;
        Assert.Equal("lang=es", request.Json.GetProperty("query").GetString());
        Assert.DoesNotContain(Secret, request.Head + request.Body + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_status_the_title_and_the_event()
    {
        await using RawServer server = RawServer.Refusing(422, """{"title":"Bad event","status":422,"errors":{"path":["no"]}}""");

        HookRun run = await Run(HookVariables.For(server.Url), "not-ready");

        JsonElement line = run.ShouldFailWith(1);
        ReceivedRequest request = await server.Request;
        Assert.Equal("mtx-hook not-ready live/demo/in: refused: 422 Bad event", line.GetProperty("message").GetString());
        Assert.Equal("live/demo/in", line.GetProperty("path").GetString());
        Assert.Equal("31aa777e-fa1a-4f7a-8e71-b3365dac24ff", line.GetProperty("sourceId").GetString());
        Assert.Equal(422, line.GetProperty("status").GetInt32());
        Assert.Equal(request.Json.GetProperty("eventId").GetGuid(), line.GetProperty("eventId").GetGuid());
        Assert.Equal(request.Header("traceparent")!.Split('-')[1], line.GetProperty("traceId").GetString());
        Assert.Equal(1, server.Accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.0 202 Accepted\r\n\r\nnot json")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")]
    public async Task Every_2xx_is_taken_whatever_its_body(string answer)
    {
        await using RawServer server = RawServer.Answering(answer);

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        run.ShouldBeSilentSuccess();
    }

    [Theory]
    [InlineData("HTTP/1.1 422 X\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"title\":\r\n5;x=y\r\n\"No!\"\r\n1\r\n}\r\n0\r\n\r\n", "refused: 422 No!")]
    [InlineData("HTTP/1.1 503 X\r\n\r\n{\"title\":\"Closing\"}", "refused: 503 Closing")]
    [InlineData("HTTP/1.1 503 X\r\n\r\n{\"title\":\"Not now.\",\"detail\":\"The disk is full.\"}", "refused: 503 Not now. The disk is full.")]
    [InlineData("HTTP/1.1 422 X\r\n\r\n{\"title\":\"Bad event.\",\"detail\":\"See the schema.\"}", "refused: 422 Bad event.")]
    [InlineData("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", "refused: 404")]
    [InlineData("HTTP/1.1 400 X\r\nContent-Length: 5\r\n\r\n<htm>", "refused: 400")]
    [InlineData("HTTP/1.1 400 X\r\nContent-Length: 11\r\n\r\n{\"title\":1}", "refused: 400")]
    [InlineData("HTTP/1.1 400 X\r\nContent-Length: 4\r\n\r\nnull", "refused: 400")]
    [InlineData("HTTP/1.1 500 X\r\nContent-Length: 400\r\n\r\n{\"title\":\"broken off", "refused: 500")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "refused: 302")]
    public async Task Any_other_answer_is_a_refusal_with_what_title_it_has(string answer, string reason)
    {
        await using RawServer server = RawServer.Answering(answer);

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        Assert.Equal($"mtx-hook ready live/demo/in: {reason}", run.ShouldFailWith(1).GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_title_that_wants_to_forge_lines_or_flood_the_log_is_tamed()
    {
        await using RawServer server = RawServer.Refusing(422, $$"""{"title":"a\nb\u001b[31m\u202e{{new string('x', 500)}}"}""");

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        string message = run.ShouldFailWith(1).GetProperty("message").GetString()!;
        Assert.Contains("refused: 422 a b [31m", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 200, 250);
    }

    [Theory]
    [InlineData("online", "live/demo/in", "ready")]
    [InlineData("offline", "live/a-b_C/out", "not-ready")]
    public async Task What_is_online_or_offline_on_a_path_of_a_stream_is_told_as_ready_or_not_ready(string argument, string path, string kind)
    {
        await using RawServer server = RawServer.Refusing(202, "{}");
        await Run(HookVariables.For(server.Url, ("MTX_PATH", path)), argument);
        ReceivedRequest request = await server.Request;
        Assert.Contains($"/events/{kind} ", request.Head, StringComparison.Ordinal);
        Assert.Equal(path, request.Json.GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("raw/cam")]
    [InlineData("live/demo")]
    [InlineData("live/demo/in/more")]
    [InlineData("live/de.mo/in")]
    [InlineData("live//in")]
    public async Task Of_a_path_that_is_no_streams_online_and_offline_tell_nothing(string path)
    {
        await using RawServer server = RawServer.Refusing(202, "{}");
        foreach (string argument in new[] { "online", "offline" })
        {
            (await Run(HookVariables.For(server.Url, ("MTX_PATH", path)), argument)).ShouldBeSilentSuccess();
        }

        Assert.Equal(0, server.Accepted);
    }

    [Theory]
    [InlineData("live/demo/in\n{\"level\":\"INF\"}")]
    [InlineData("live/\u001b[2J\u202e\u0085\u2028\"\\/in")]
    [InlineData("live/漢字😀/in")]
    public async Task A_hostile_path_is_sent_as_it_is_and_stays_one_line(string path)
    {
        await using RawServer server = RawServer.Refusing(422, """{"title":"Bad event"}""");

        HookRun run = await Run(HookVariables.For(server.Url, ("MTX_PATH", path)), "ready");

        Assert.Equal(path, run.ShouldFailWith(1).GetProperty("path").GetString());
        Assert.Equal(path, (await server.Request).Json.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Endless_values_leave_a_short_line_that_still_says_why()
    {
        string path = "live/x" + string.Concat(Enumerable.Repeat("😀", 20_000));
        await using RawServer server = RawServer.Refusing(422, $$"""{"title":"{{new string('é', 5_000)}}"}""");

        HookRun run = await Run(HookVariables.For(server.Url, ("MTX_PATH", path), ("MTX_SOURCE_ID", path)), "ready");

        JsonElement line = run.ShouldFailWith(1);
        Assert.Contains(": refused: 422 é", line.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("live/x😀", line.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal(path, (await server.Request).Json.GetProperty("path").GetString());
    }

    private static RawServer Taking() => RawServer.Refusing(202, """{"streamId":"demo","outcome":"applied"}""");
}

using System.Net;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class ControlApiTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task Info_says_which_server_answers(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        JsonElement info = await server.Ask("/v3/info");
        string version = info.GetProperty("version").GetString()!;
        Assert.StartsWith($"v{server.Version.Number}", version, StringComparison.Ordinal);
        Assert.Equal(kind == MediaServerKind.Standin, version.EndsWith("-standin", StringComparison.Ordinal));
        Assert.True(info.GetProperty("started").TryGetDateTimeOffset(out DateTimeOffset _));
    }

    [Theory, OnBothServers]
    public async Task Without_credentials_it_asks_for_them_and_with_wrong_ones_it_refuses(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        using HttpClient stranger = new();
        using HttpResponseMessage asked = await stranger.GetAsync(new Uri(server.ApiUrl, "/v3/paths/list"));
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal("Basic realm=\"mediamtx\"", asked.Headers.WwwAuthenticate.ToString());
        Assert.Equal("{\"status\":\"error\",\"error\":\"authentication error\"}", await asked.Content.ReadAsStringAsync());

        stranger.DefaultRequestHeaders.Authorization = MediaServer.Basic("admin", "wrong");
        using HttpResponseMessage refused = await stranger.GetAsync(new Uri(server.ApiUrl, "/v3/paths/list"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Empty(refused.Headers.WwwAuthenticate);
    }

    [Theory, OnBothServers]
    public async Task What_is_not_there_is_not_found(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        using HttpResponseMessage path = await server.Api.GetAsync($"/v3/paths/get/live/{TestStream.NewId()}/in");
        Assert.Equal(HttpStatusCode.NotFound, path.StatusCode);
        Assert.Equal("{\"status\":\"error\",\"error\":\"path not found\"}", await path.Content.ReadAsStringAsync());
        using HttpResponseMessage connection = await server.Api.PostAsync($"/v3/{server.Version.Endpoint("rtmpconns")}/kick/{Guid.NewGuid()}", null);
        Assert.Equal(HttpStatusCode.NotFound, connection.StatusCode);
        using HttpResponseMessage session = await server.Api.GetAsync($"/v3/{server.Version.Endpoint("rtspsessions")}/get/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, session.StatusCode);
        using HttpResponseMessage nonsense = await server.Api.GetAsync("/v3/nonsense");
        Assert.Equal(HttpStatusCode.NotFound, nonsense.StatusCode);
    }

    [Theory, OnBothServers]
    public async Task The_list_is_paged_and_holds_to_the_schema(MediaServerKind kind)
    {
        await using MediaServer server = await MediaServer.Start(new MediaServerOptions { Kind = kind, HookFolder = servers.Hook.Folder });
        Assert.Equal(Recording.Text("api-paths-list-after-end.json").Trim(), (await server.Api.GetStringAsync("/v3/paths/list")).Trim());
        string[] paths = [.. Enumerable.Range(1, 3).Select(number => $"live/page{number}/in")];
        await using ChildProgram first = TestStream.PublishRtmpAudio(server.Rtmp(paths[0]));
        await using ChildProgram second = TestStream.PublishRtmpVideo(server.Rtmp(paths[1]));
        await using ChildProgram third = TestStream.PublishRtsp(server.Rtsp(paths[2]));
        foreach (string path in paths)
        {
            await server.WaitUntilAvailable(path);
        }

        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(paths[1]));
        await Eventually.Get(() => server.FindPath(paths[1]), item => item?.GetProperty("readers").GetArrayLength() == 1, "the reader");
        List<string> listed = [];
        for (int page = 0; page < 2; page++)
        {
            string answer = await server.Api.GetStringAsync($"/v3/paths/list?itemsPerPage=2&page={page}");
            Assert.Empty(await PathsListSchema.Violations(answer));
            JsonElement list = JsonSerializer.Deserialize<JsonElement>(answer);
            Assert.Equal(3, list.GetProperty("itemCount").GetInt32());
            Assert.Equal(2, list.GetProperty("pageCount").GetInt32());
            listed.AddRange(list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
        }

        Assert.Equal(paths, listed);
        JsonElement beyond = await server.Ask("/v3/paths/list?itemsPerPage=2&page=9");
        Assert.Empty(beyond.GetProperty("items").EnumerateArray());
        using HttpResponseMessage wrong = await server.Api.GetAsync("/v3/paths/list?itemsPerPage=0");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Theory, OnBothServers]
    public async Task Connections_and_sessions_have_what_was_recorded(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"{path}?lang=es&x=a%20b"));
        string source = (await server.WaitUntilAvailable(path)).SourceId();
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path));
        JsonElement item = (await Eventually.Get(
            () => server.FindPath(path), now => now?.GetProperty("outboundBytes").GetInt64() > 0, "bytes to go out"))!.Value;

        JsonElement connection = await server.Ask($"/v3/{server.Version.Endpoint("rtmpconns")}/get/{source}");
        Assert.Equal(RecordedNames("api-rtmpconns.json", server), Recording.Names(connection));
        Assert.Equal("publish", connection.GetProperty("state").GetString());
        Assert.Equal("lang=es&x=a%20b", connection.GetProperty("query").GetString());
        Assert.True(!server.Version.HasUserAgents || connection.GetProperty("userAgent").GetString()!.StartsWith("FMLE/3.0", StringComparison.Ordinal));

        string id = item.GetProperty("readers")[0].GetProperty("id").GetString()!;
        JsonElement session = await Eventually.Get(
            () => server.Ask($"/v3/{server.Version.Endpoint("rtspsessions")}/get/{id}"), now => now.GetProperty("outboundRTPPackets").GetInt64() > 0, "packets to go out");
        Assert.Equal(RecordedNames("api-rtspsessions.json", server), Recording.Names(session));
        Assert.Equal("read", session.GetProperty("state").GetString());
        Assert.Equal("TCP", session.GetProperty("transport").GetString());
        JsonElement conns = await server.Ask($"/v3/{server.Version.Endpoint("rtspconns")}/list?itemsPerPage=1000");
        Assert.Contains(conns.GetProperty("items").EnumerateArray(), one => one.GetProperty("session").GetString() == id);
    }

    [Theory, OnBothServers]
    public async Task Publishers_and_readers_say_where_they_come_from_and_as_whom(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string id = TestStream.NewId();
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp($"live/{id}/out?x=1").Replace("://", "://worker:worker@", StringComparison.Ordinal));
        string source = (await server.WaitUntilAvailable($"live/{id}/out")).SourceId();
        Assert.Equal(("publish", $"live/{id}/out", "x=1", "worker"), Identity(await server.Ask($"/v3/{server.Version.Endpoint("rtspsessions")}/get/{source}")));

        await using ChildProgram reader = TestStream.ReadRtmp(server.Rtmp($"live/{id}/out?y=2"));
        JsonElement item = await server.WaitForPath($"live/{id}/out", item => item.GetProperty("readers").GetArrayLength() == 1, "to have a reader");
        string connection = item.GetProperty("readers")[0].GetProperty("id").GetString()!;
        JsonElement reading = await Eventually.Get(
            () => server.Ask($"/v3/{server.Version.Endpoint("rtmpconns")}/get/{connection}"), static one => one.GetProperty("state").GetString() != "idle", "the connection to read");
        Assert.Equal(("read", $"live/{id}/out", "y=2", ""), Identity(reading));
        using HttpResponseMessage kicked = await server.Api.PostAsync($"/v3/{server.Version.Endpoint("rtspsessions")}/kick/{source}", null);
        Assert.Equal("{\"status\":\"ok\"}", await kicked.Content.ReadAsStringAsync());
        await publisher.WaitForEnd();
        await reader.WaitForEnd();
    }

    private static IEnumerable<string> RecordedNames(string recording, MediaServer server) =>
        Recording.Names(Recording.Json(recording).GetProperty("items")[0]).Where(name => server.Version.HasUserAgents || name != "userAgent");

    private static (string? State, string? Path, string? Query, string? User) Identity(JsonElement one)
    {
        Assert.StartsWith("127.0.0.1:", one.GetProperty("remoteAddr").GetString(), StringComparison.Ordinal);
        return (one.GetProperty("state").GetString(), one.GetProperty("path").GetString(), one.GetProperty("query").GetString(), one.GetProperty("user").GetString());
    }
}

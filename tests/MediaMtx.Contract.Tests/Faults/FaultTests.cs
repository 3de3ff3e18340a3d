using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>The faults that the stand-in has and MediaMTX has not. Its API is spoilt, so each test has a server of its own.</summary>
public sealed class FaultTests(SharedServers servers) : IAsyncLifetime
{
    private MediaServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await MediaServer.Start(new MediaServerOptions { HookFolder = servers.Hook.Folder });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_frozen_publisher_sends_nothing_and_stays()
    {
        (string path, ChildProgram publisher) = await Publish();
        await using ChildProgram keep = publisher;
        await Order(new { kind = "freeze-publisher", path });
        long frozen = (await _server.FindPath(path))!.Value.GetProperty("inboundBytes").GetInt64();
        (string other, ChildProgram second) = await Publish();
        await using ChildProgram keepSecond = second;
        await Grows(other, "inboundBytes");
        JsonElement still = (await _server.FindPath(path))!.Value;
        Assert.InRange(still.GetProperty("inboundBytes").GetInt64(), frozen, frozen + 20_000);
        Assert.True(still.GetProperty("available").GetBoolean());
        await Clear();
        await Grows(path, "inboundBytes");
    }

    [Fact]
    public async Task A_frozen_reader_gets_nothing_while_the_stream_goes_on()
    {
        (string path, ChildProgram publisher) = await Publish();
        await using ChildProgram keep = publisher;
        await Order(new { kind = "freeze-reader", path });
        await using ChildProgram reader = TestStream.ReadRtsp(_server.Rtsp(path));
        string session = (await Eventually.Get<JsonElement?>(
            () => _server.FindPath(path), item => item?.GetProperty("readers").GetArrayLength() == 1, "the reader"))!
            .Value.GetProperty("readers")[0].GetProperty("id").GetString()!;
        await Grows(path, "inboundBytes");
        Assert.Equal(0, (await _server.Ask($"/v3/{_server.Version.Endpoint("rtspsessions")}/get/{session}")).GetProperty("outboundRTPPackets").GetInt64());
        await Clear();
        await Eventually.Get<JsonElement>(
            () => _server.Ask($"/v3/{_server.Version.Endpoint("rtspsessions")}/get/{session}"), now => now.GetProperty("outboundRTPPackets").GetInt64() > 0, "packets to go out");
    }

    [Fact]
    public async Task The_next_hook_is_dropped_and_the_one_after_it_is_not()
    {
        await Order(new { kind = "hook-drop", @event = "ready", count = 1 });
        (string first, ChildProgram one) = await Publish();
        await using ChildProgram keepOne = one;
        (string second, ChildProgram two) = await Publish();
        await using ChildProgram keepTwo = two;
        await servers.Hook.WaitFor("ready", second);
        Assert.Empty(servers.Hook.EventsOf(first));
        one.Signal(ChildProgram.Interrupt);
        await servers.Hook.WaitFor("not-ready", first);
    }

    [Fact]
    public async Task A_delayed_hook_comes_late()
    {
        string path = $"live/{TestStream.NewId()}/in";
        await Order(new { kind = "hook-delay", path, @event = "ready", milliseconds = 1_500 });
        await using ChildProgram publisher = TestStream.PublishRtmp(_server.Rtmp(path));
        await _server.WaitUntilAvailable(path);
        long available = Stopwatch.GetTimestamp();
        await servers.Hook.WaitFor("ready", path);
        Assert.InRange(Stopwatch.GetElapsedTime(available), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_repeated_hook_runs_as_often_as_told()
    {
        string path = $"live/{TestStream.NewId()}/in";
        await Order(new { kind = "hook-repeat", path, times = 3, count = 1 });
        await using ChildProgram publisher = TestStream.PublishRtmp(_server.Rtmp(path));
        await Eventually.Get(() => servers.Hook.EventsOf(path), events => events.Count(run => run.Kind == "ready") == 3, "three hooks");
    }

    [Fact]
    public async Task Reordered_hooks_change_places()
    {
        string path = $"live/{TestStream.NewId()}/in";
        await Order(new { kind = "hook-reorder", path, count = 1, milliseconds = 300 });
        await using ChildProgram publisher = TestStream.PublishRtmp(_server.Rtmp(path));
        await _server.WaitUntilAvailable(path);
        publisher.Signal(ChildProgram.Interrupt);
        await servers.Hook.WaitFor("ready", path);
        Assert.Equal(["not-ready", "ready"], servers.Hook.EventsOf(path).Select(run => run.Kind));
    }

    [Fact]
    public async Task An_API_that_is_down_closes_the_connection_and_comes_back()
    {
        await Order(new { kind = "api-down", count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => _server.Ask("/v3/paths/list"));
        Assert.Equal(0, (await _server.Ask("/v3/paths/list")).GetProperty("itemCount").GetInt32());
    }

    [Fact]
    public async Task A_slow_API_answers_late()
    {
        await Order(new { kind = "api-slow", milliseconds = 700, count = 1 });
        long asked = Stopwatch.GetTimestamp();
        await _server.Ask("/v3/info");
        Assert.True(Stopwatch.GetElapsedTime(asked) >= TimeSpan.FromMilliseconds(650));
    }

    [Fact]
    public async Task A_lying_API_lists_what_was_or_nothing_and_in_small_pages()
    {
        await Order(new { kind = "api-stale" });
        (string path, ChildProgram publisher) = await PublishUnseen();
        await using ChildProgram keep = publisher;
        Assert.Null(await _server.FindPath(path));
        await Clear();
        await _server.WaitUntilAvailable(path);

        await Order(new { kind = "api-empty", count = 1 });
        Assert.Null(await _server.FindPath(path));
        Assert.NotNull(await _server.FindPath(path));

        (string _, ChildProgram second) = await Publish();
        await using ChildProgram keepSecond = second;
        await Order(new { kind = "api-small-pages" });
        JsonElement list = await _server.Ask("/v3/paths/list");
        Assert.Equal(2, list.GetProperty("itemCount").GetInt32());
        Assert.Equal(2, list.GetProperty("pageCount").GetInt32());
        Assert.Equal(1, list.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Faults_are_shown_with_how_often_they_struck_and_need_credentials()
    {
        await Order(new[] { new { kind = "api-empty", count = 5 }, new { kind = "api-small-pages", count = 1 } });
        await _server.Ask("/v3/paths/list");
        JsonElement faults = await _server.Ask("/standin/faults");
        Assert.Equal([1, 1], faults.EnumerateArray().Select(fault => fault.GetProperty("used").GetInt32()));
        using HttpClient stranger = new();
        using HttpResponseMessage refused = await stranger.DeleteAsync(new Uri(_server.ApiUrl, "/standin/faults"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("""{"kind":"nonsense"}""")]
    [InlineData("""{"kind":"hook-drop","event":"sometimes"}""")]
    [InlineData("""{"kind":"hook-drop","count":0}""")]
    [InlineData("""{"kind":"freeze-reader","count":2}""")]
    [InlineData("""{"kind":"hook-drop","typo":1}""")]
    [InlineData("[")]
    public async Task A_fault_that_does_not_exist_is_refused(string order)
    {
        using StringContent content = new(order);
        using HttpResponseMessage refused = await _server.Api.PostAsync("/standin/faults", content);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private async Task<(string Path, ChildProgram Publisher)> Publish()
    {
        string path = NewPath();
        ChildProgram publisher = TestStream.PublishRtmp(_server.Rtmp(path));
        await _server.WaitUntilAvailable(path);
        return (path, publisher);
    }

    // Where the list cannot be trusted, the path itself can be asked for.
    private async Task<(string Path, ChildProgram Publisher)> PublishUnseen()
    {
        string path = NewPath();
        ChildProgram publisher = TestStream.PublishRtmp(_server.Rtmp(path));
        await Eventually.Get<JsonElement>(() => _server.Ask($"/v3/paths/get/{path}"), item => item.GetProperty("available").GetBoolean(), path);
        return (path, publisher);
    }

    private static string NewPath() => $"live/{TestStream.NewId()}/in";

    private async Task Grows(string path, string counter)
    {
        long before = (await _server.FindPath(path))!.Value.GetProperty(counter).GetInt64();
        await Eventually.Get<JsonElement?>(
            () => _server.FindPath(path), now => now?.GetProperty(counter).GetInt64() > before + 20_000, $"{counter} of {path} to grow");
    }

    private async Task Order<T>(T fault)
    {
        using HttpResponseMessage answer = await _server.Api.PostAsJsonAsync("/standin/faults", fault);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task Clear()
    {
        using HttpResponseMessage answer = await _server.Api.DeleteAsync("/standin/faults");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}

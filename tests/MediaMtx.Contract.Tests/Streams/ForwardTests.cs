using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>A path whose stream the server publishes to another of its paths, switched while it runs: what a standby steps in by.</summary>
public sealed class ForwardTests(SharedServers servers)
{
    private const string Kept = """{"alwaysAvailable":true,"alwaysAvailableTracks":[{"codec":"H264"},{"codec":"MPEG4Audio","sampleRate":48000,"channelCount":1}]}""";

    [Theory, OnBothServers]
    public async Task A_path_takes_over_the_output_of_another_whose_publisher_is_gone_and_its_reader_stays(MediaServerKind kind)
    {
        (MediaServer server, string output, string side) = await Start(kind);
        await using ChildProgram first = TestStream.PublishRtsp(AsWorker(server, output));
        await using ChildProgram second = TestStream.PublishRtsp(AsWorker(server, side));
        string source = (await Online(server, output)).SourceId();
        string spare = (await Online(server, side)).SourceId();
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(output));
        string session = await ReaderOf(server, output);
        first.Signal(9);
        await server.WaitForPath(output, static item => !item.GetProperty("online").GetBoolean(), "to lose its publisher");
        await Forward(server, side, AsWorker(server, output));
        JsonElement live = await Online(server, output);
        Assert.Equal("rtspSession", live.GetProperty("source").GetProperty("type").GetString());
        Assert.DoesNotContain(live.SourceId(), new[] { source, spare });
        Assert.Equal(spare, (await Online(server, side)).SourceId());
        Assert.Equal(session, await ReaderOf(server, output));
        long received = live.GetProperty("inboundBytes").GetInt64();
        await server.WaitForPath(output, item => item.GetProperty("inboundBytes").GetInt64() > received + 20_000, "to receive what is forwarded");
        await End(server, output, side);
    }

    [Theory, OnBothServers]
    public async Task It_replaces_a_publisher_comes_back_five_seconds_after_it_was_replaced_itself_and_not_once_it_is_withdrawn(MediaServerKind kind)
    {
        (MediaServer server, string output, string side) = await Start(kind);
        await using ChildProgram first = TestStream.PublishRtsp(AsWorker(server, output));
        await using ChildProgram second = TestStream.PublishRtsp(AsWorker(server, side));
        string source = (await Online(server, output)).SourceId();
        await Online(server, side);
        await Forward(server, side, AsWorker(server, output));
        string forwarded = (await Other(server, output, source)).SourceId();
        await first.WaitForEnd();

        await using ChildProgram third = TestStream.PublishRtsp(AsWorker(server, output));
        string later = (await Other(server, output, forwarded)).SourceId();
        string again = (await Other(server, output, later)).SourceId();
        Assert.NotEqual(forwarded, again);
        await third.WaitForEnd();

        await Forward(server, side, null);
        await server.WaitForPath(output, static item => !item.GetProperty("online").GetBoolean(), "to lose what was forwarded");
        await Online(server, side);
        await End(server, output, side);
    }

    [Theory, OnBothServers]
    public async Task The_end_of_its_path_ends_what_it_forwards(MediaServerKind kind)
    {
        (MediaServer server, string output, string side) = await Start(kind);
        await using ChildProgram second = TestStream.PublishRtsp(AsWorker(server, side));
        await Online(server, side);
        await Forward(server, side, AsWorker(server, output));
        await Online(server, output);
        await server.Configure("delete", side);
        await server.WaitForPath(output, static item => !item.GetProperty("online").GetBoolean(), "to lose what was forwarded");
        await second.WaitForEnd();
        (int status, string _) = await server.Configure("patch", side, """{"forward":[]}""");
        Assert.Equal(404, status);
        await server.Configure("delete", output);
    }

    private async Task<(MediaServer Server, string Output, string Side)> Start(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string id = TestStream.NewId("forward");
        (int status, string answer) = await server.Configure("add", $"live/{id}/w1", """{"forward":[]}""");
        Assert.SkipWhen(status == 400, $"This version cannot forward: {answer}");
        await server.AddPath($"live/{id}/out", Kept);
        return (server, $"live/{id}/out", $"live/{id}/w1");
    }

    private static async Task Forward(MediaServer server, string path, string? destination)
    {
        (int status, string answer) = await server.Configure("patch", path, destination is null ? """{"forward":[]}""" : $$"""{"forward":[{"dest":"{{destination}}"}]}""");
        Assert.True(status == 200, answer);
    }

    private static string AsWorker(MediaServer server, string path) => server.Rtsp(path).Replace("rtsp://", "rtsp://worker:worker@", StringComparison.Ordinal);

    private static Task<JsonElement> Online(MediaServer server, string path) => server.WaitForPath(path, static item => item.GetProperty("online").GetBoolean(), "to be online");

    private static Task<JsonElement> Other(MediaServer server, string path, string source) =>
        server.WaitForPath(path, item => item.GetProperty("online").GetBoolean() && item.SourceId() != source, "to have another publisher");

    private static async Task<string> ReaderOf(MediaServer server, string path) =>
        (await server.WaitForPath(path, static item => item.GetProperty("readers").GetArrayLength() == 1, "to be read")).GetProperty("readers")[0].GetProperty("id").GetString()!;

    private static async Task End(MediaServer server, params string[] paths)
    {
        foreach (string path in paths)
        {
            await server.Configure("delete", path);
        }
    }
}

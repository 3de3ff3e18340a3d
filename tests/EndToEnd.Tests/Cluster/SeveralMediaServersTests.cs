using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Two media servers: each stream lives at the one that it is published to, and none of the other's troubles reaches it.</summary>
public sealed class SeveralMediaServersTests
{
    [Theory, OnBothServers]
    public async Task A_stream_is_read_and_written_where_it_is_published_and_outlives_the_other_media_server(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        (string onA, string onB) = (TestStream.NewId("on-a"), TestStream.NewId("on-b"));
        system.Publish(onA, to: system.Node("a"));
        system.Publish(onB, to: system.Node("b"));
        await system.WaitForFrames(onA);
        JsonElement before = await system.WaitForFrames(onB);
        Assert.Equal("b", before.GetProperty("input").GetProperty("node").GetString());
        Assert.Equal([$"live/{onB}/in", $"live/{onB}/out"], await PathsOf(system.Node("b"), 2));
        Assert.Equal([$"live/{onA}/in", $"live/{onA}/out"], await PathsOf(system.Node("a"), 2));

        await system.KillMedia();
        await Eventually.Get(() => system.Get("/v1/nodes"), static nodes => Reachable(nodes) is [false, true], "media server a unreachable, b reachable");
        using (HttpResponseMessage ready = await system.Api.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.True(ready.IsSuccessStatusCode);
            Assert.Contains("Degraded: a: ", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        // What was live there is unknown, so that its worker is tried again; the other stream has not noticed.
        await Eventually.Get(() => system.Status(onA), static status => status?.GetProperty("phase").GetString() == "Backoff", "the stream of a waits for it");
        JsonElement after = (await system.Status(onB))!.Value;
        Assert.Equal(("Running", 1, StreamsSystem.Pid(before)), (after.GetProperty("phase").GetString(), after.GetProperty("generation").GetInt64(), StreamsSystem.Pid(after)));

        await system.StartMedia();
        await system.WaitForPhase(onA, "Offline");
        after = (await system.Status(onB))!.Value;
        Assert.Equal(("Running", 1, StreamsSystem.Pid(before)), (after.GetProperty("phase").GetString(), after.GetProperty("generation").GetInt64(), StreamsSystem.Pid(after)));
    }

    [Theory, OnBothServers]
    public async Task A_frozen_media_server_delays_and_ends_no_stream_of_another(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        (string onA, string onB, string late) = (TestStream.NewId("frozen-a"), TestStream.NewId("beside"), TestStream.NewId("late"));
        system.Publish(onA, to: system.Node("a"));
        system.Publish(onB, to: system.Node("b"));
        await system.WaitForFrames(onA);
        JsonElement before = await system.WaitForFrames(onB);
        system.Media.Program.Signal(ChildProgram.Freeze);
        try
        {
            await Eventually.Get(() => system.Get("/v1/nodes"), static nodes => Reachable(nodes) is [false, true], "media server a unreachable, b reachable");
            system.Publish(late, to: system.Node("b"));
            await system.WaitForFrames(late, patience: TimeSpan.FromSeconds(6));
            JsonElement after = (await system.Status(onB))!.Value;
            Assert.Equal(("Running", 1, StreamsSystem.Pid(before)), (after.GetProperty("phase").GetString(), after.GetProperty("generation").GetInt64(), StreamsSystem.Pid(after)));
            Assert.NotEqual("Offline", (await system.Status(onA))!.Value.GetProperty("phase").GetString());
        }
        finally
        {
            system.Media.Program.Signal(ChildProgram.Thaw);
        }

        await Eventually.Get(() => system.Get("/v1/nodes"), static nodes => Reachable(nodes) is [true, true], "both reachable");
    }

    [Theory, OnBothServers]
    public async Task One_id_on_two_media_servers_belongs_to_the_newest_publisher_and_then_to_the_other_again(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("twice");
        ChildProgram older = system.Publish(id, to: system.Node("a"));
        await system.WaitForFrames(id);
        ChildProgram newer = system.Publish(id, to: system.Node("b"));
        JsonElement taken = await system.WaitForFrames(id, generation: 2);
        Assert.Equal(("b", "b"), (NodeOf(taken, "input"), NodeOf((await Eventually.Get(() => system.Status(id), static status => NodeOf(status!.Value, "output") == "b", "the output at b"))!.Value, "output")));
        JsonElement conflict = Assert.Single(taken.GetProperty("conflicts").EnumerateArray());
        Assert.Equal("a", conflict.GetProperty("node").GetString());
        Assert.Contains(await system.History(id), static entry => entry.GetProperty("what").GetString() == "Conflict" && entry.GetProperty("reason").GetString()!.Contains("also published on media server a from 127.0.0.1:", StringComparison.Ordinal));

        // Ten polls of each media server are what is waited for: neither makes it go back.
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        JsonElement still = (await system.Status(id))!.Value;
        Assert.Equal(("Running", 2, "b"), (still.GetProperty("phase").GetString(), still.GetProperty("generation").GetInt64(), NodeOf(still, "input")));
        Assert.False(older.HasEnded);

        newer.Signal(Processes.KillSignal);
        JsonElement back = await system.WaitForFrames(id, generation: 3);
        Assert.Equal("a", NodeOf(back, "input"));
        Assert.False(back.TryGetProperty("conflicts", out _));
        Assert.Single(StreamsSystem.WorkersOf(id));
    }

    [Theory, OnBothServers]
    public async Task The_older_publisher_is_removed_when_the_settings_say_so(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind, new() { ["Streams__Media__RemoveConflicts"] = "true" });
        string id = TestStream.NewId("removed");
        ChildProgram older = system.Publish(id, to: system.Node("a"));
        await system.WaitForFrames(id);
        ChildProgram newer = system.Publish(id, to: system.Node("b"));
        await older.WaitForEnd();
        JsonElement left = (await Eventually.Get(() => system.Status(id), static status => !status!.Value.TryGetProperty("conflicts", out _), "no conflict any more"))!.Value;
        Assert.Equal("b", NodeOf(left, "input"));
        Assert.False(newer.HasEnded);
    }

    [Theory, OnBothServers]
    public async Task A_hook_of_an_unknown_media_server_is_refused_and_its_log_says_why(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        foreach (string? name in new[] { "c", null })
        {
            await using MediaServer stranger = await system.StartStranger(name);
            string id = TestStream.NewId("stranger");
            system.Publish(id, to: stranger);
            Assert.Contains("STREAMS_NODE", await stranger.WaitForLine("refused: 422"), StringComparison.Ordinal);
            await system.Silo.WaitForLine("unknown-node");
            Assert.Null(await system.Status(id));
        }
    }

    private static Task<StreamsSystem> Start(MediaServerKind kind, Dictionary<string, string>? settings = null) => StreamsSystem.Start(kind, settings, nodes: ["a", "b"]);

    private static string? NodeOf(JsonElement status, string source) =>
        status.TryGetProperty(source, out JsonElement shown) && shown.ValueKind == JsonValueKind.Object ? shown.GetProperty("node").GetString() : null;

    private static bool[] Reachable(JsonElement nodes) => [.. nodes.GetProperty("mediaNodes").EnumerateArray().Select(static node => node.GetProperty("isReachable").GetBoolean())];

    private static Task<string[]> PathsOf(MediaServer server, int count) => Eventually.Get(
        async () => JsonDocument.Parse(await server.Api.GetStringAsync(new Uri("/v3/paths/list", UriKind.Relative))).RootElement.GetProperty("items").EnumerateArray()
            .Select(static item => item.GetProperty("name").GetString()!).Order(StringComparer.Ordinal).ToArray(),
        paths => paths.Length == count,
        $"{count} paths");
}

using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Inputs that nobody publishes in the usual way: ones that MediaMTX pulls itself, and paths that are there without a publisher.</summary>
public sealed class SourceTests(SharedSystems systems) : IClassFixture<SharedSystems>
{
    [Theory, OnBothServers]
    public async Task A_camera_that_MediaMTX_pulls_gets_a_worker_until_it_goes_and_when_it_is_back(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string origin = TestStream.NewId("origin");
        string id = TestStream.NewId("cam");
        string path = $"live/{id}/in";
        await using (ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, origin))
        {
            await system.WaitForTracks($"live/{origin}/in");
            await system.AddPath(path, new { source = system.Media.Rtsp($"live/{origin}/in"), rtspTransport = "tcp" });
            Assert.Equal(TestInputs.Usual.Tracks, await system.WaitForTracks($"live/{id}/out"));
            JsonElement running = await system.WaitForPhase(id, "Running");
            Assert.Equal("rtspSource", running.GetProperty("input").GetProperty("type").GetString());
            Assert.Equal(1, running.GetProperty("generation").GetInt64());
            Assert.Single(StreamsSystem.WorkersOf(id));
        }

        await system.WaitForPhase(id, "Offline");
        await Eventually.True(() => StreamsSystem.WorkersOf(id).Count == 0, "no worker left");
        await using (ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, origin))
        {
            await system.WaitForFrames(id, 2);
            await system.RemovePath(path);
            await system.WaitForPhase(id, "Offline");
        }

        AssertNoHookComplains(system, id);
    }

    [Theory, OnBothServers]
    public async Task An_always_available_path_gets_a_worker_for_its_publisher_only(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = TestStream.NewId("tv");
        string path = $"live/{id}/in";
        await system.AddPath(path, new
        {
            alwaysAvailable = true,
            alwaysAvailableTracks = (object[])[new { codec = "H264" }, new { codec = "MPEG4Audio", sampleRate = 48000, channelCount = 1 }],
        });
        await system.WaitForTracks(path);

        // A stream that is seen after the slate has been told in two polls, so that the slate could have been taken for one.
        string later = TestStream.NewId("later");
        await using (ChildProgram other = system.Publish(TestInputs.Usual, InputTransport.Rtsp, later))
        {
            await system.WaitForFrames(later);
        }

        Assert.Null(await system.Status(id));
        Assert.Empty(StreamsSystem.WorkersOf(id));

        await using (ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, id))
        {
            JsonElement running = await system.WaitForFrames(id);
            Assert.Equal(1, running.GetProperty("generation").GetInt64());
            Assert.Equal("rtspSession", running.GetProperty("input").GetProperty("type").GetString());
            await system.WaitForTracks($"live/{id}/out");

            // "At once" is by the hook, whose event has an id: not only by the poll.
            IReadOnlyList<JsonElement> history = await system.History(id);
            Assert.Contains(history, static entry => entry.GetProperty("what").GetString() == "InputReady" && entry.TryGetProperty("eventId", out JsonElement _));
        }

        await system.WaitForPhase(id, "Offline");
        await Eventually.True(() => StreamsSystem.WorkersOf(id).Count == 0, "no worker left");
        Assert.True((await system.FindPath(path))!.Value.GetProperty("available").GetBoolean(), "The slate is gone.");
        await system.RemovePath(path);
        AssertNoErrorAbout(system, id);
    }

    /// <summary>No hook complains of the stream.</summary>
    private static void AssertNoHookComplains(StreamsSystem system, string id) => Assert.DoesNotContain(
        system.Media.Lines, line => line.StartsWith("mtx-hook", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));

    /// <summary>Nor does MediaMTX; of a camera that has gone it would.</summary>
    private static void AssertNoErrorAbout(StreamsSystem system, string id)
    {
        AssertNoHookComplains(system, id);
        Assert.DoesNotContain(system.Media.Lines, line => line.Contains(id, StringComparison.Ordinal) && line.Contains("\"level\":\"ERR\"", StringComparison.Ordinal));
    }
}

using System.Text.Json;
using Streams.Testing;
using Xunit;
using static Streams.EndToEnd.Tests.KeptReaders;

namespace Streams.EndToEnd.Tests;

/// <summary>Outputs whose audience stays connected; real workers and readers.</summary>
public sealed class KeptOutputTests
{
    [Theory, OnBothServers]
    public async Task Readers_of_RTSP_and_RTMP_stay_when_a_steady_worker_is_killed(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("keep");
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        Assert.Equal("Kept", ContinuityOf(running).GetProperty("state").GetString());
        await using ChildProgram rtsp = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        await using ChildProgram rtmp = TestStream.ReadRtmp(system.Media.Rtmp($"live/{id}/out"));
        IReadOnlyList<string> readers = await WaitForReaders(system, id, 2);
        await WaitUntilSteady(system, id);
        Processes.Signal(StreamsSystem.Pid(running), Processes.KillSignal);
        await system.WaitForFrames(id, 2);
        await AssertServed(system, id, readers);
        Assert.False(rtsp.HasEnded || rtmp.HasEnded, "A reader has ended.");
    }

    [Theory, OnBothServers]
    public async Task They_stay_when_an_operator_restarts_the_worker(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("restart");
        system.Publish(id);
        await system.WaitForFrames(id);
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        IReadOnlyList<string> readers = await WaitForReaders(system, id, 1);
        using (HttpResponseMessage restart = await system.Api.PostAsync(new Uri($"/v1/streams/{id}/restart", UriKind.Relative), null, TestContext.Current.CancellationToken))
        {
            Assert.True(restart.IsSuccessStatusCode, await restart.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        JsonElement running = await system.WaitForFrames(id, 2);
        Assert.Equal("Kept", ContinuityOf(running).GetProperty("state").GetString());
        await AssertServed(system, id, readers);
    }

    [Theory, OnBothServers]
    public async Task They_stay_when_the_publisher_goes_and_comes_back(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("back");
        ChildProgram publisher = system.Publish(id);
        await system.WaitForFrames(id);
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        IReadOnlyList<string> readers = await WaitForReaders(system, id, 1);
        publisher.Signal(ChildProgram.Interrupt);
        await system.WaitForPhase(id, "Offline");
        JsonElement slate = await system.WaitForPath($"live/{id}/out", static item => !item.GetProperty("online").GetBoolean(), "showing its slate");
        Assert.True(slate.GetProperty("available").GetBoolean());
        Assert.False((await system.Status(id))!.Value.TryGetProperty("output", out JsonElement _), "A slate is no output.");
        system.Publish(id);
        await system.WaitForFrames(id, 2);
        await AssertServed(system, id, readers);
    }

    [Theory, OnBothServers]
    public async Task No_picture_goes_back_when_a_publisher_with_pictures_out_of_order_comes_back(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("order");
        string url = system.Media.Rtmp($"live/{id}/in");
        await using (ChildProgram publisher = TestStream.PublishRtmpWithBFrames(url))
        {
            await system.WaitForFrames(id);
        }

        await system.WaitForPhase(id, "Offline");
        await using ChildProgram back = TestStream.PublishRtmpWithBFrames(url);
        await using ChildProgram viewer = TestStream.ReadPictures(system.Media.Rtmp($"live/{id}/out"));
        await system.WaitForFrames(id, 2);
        IReadOnlyList<double> times = await Eventually.Get(
            () => Task.FromResult(TestStream.TimesOf(viewer)), times => times.Count >= 60 || viewer.HasEnded, $"60 pictures of {id} shown");
        Assert.True(times.Count >= 60, viewer.Output + string.Join('\n', system.Media.Lines));
        Assert.All(times.Zip(times.Skip(1)), static pair => Assert.True(pair.Second >= pair.First, $"A picture of {pair.Second} s comes after one of {pair.First} s."));
    }

    [Theory, OnBothServers]
    public async Task An_output_is_kept_no_longer_than_asked(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind, ("KeepFor", "00:00:02"));
        string id = TestStream.NewId("end");
        ChildProgram publisher = system.Publish(id);
        await system.WaitForFrames(id);
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        await WaitForReaders(system, id, 1);
        publisher.Signal(ChildProgram.Interrupt);
        await reader.WaitForEnd();
        await Eventually.Get<JsonElement?>(() => system.FindPath($"live/{id}/out"), static item => item is null, "the path removed");
    }

    [Theory, OnBothServers]
    public async Task It_is_made_anew_for_other_tracks_and_the_history_says_so(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("other");
        ChildProgram publisher = system.Publish(id);
        await system.WaitForFrames(id);
        publisher.Signal(ChildProgram.Interrupt);
        await system.WaitForPhase(id, "Offline");
        await using ChildProgram video = TestStream.PublishRtmpVideo(system.Media.Rtmp($"live/{id}/in"));
        JsonElement running = await system.WaitForFrames(id, 2);
        Assert.Equal("Kept", ContinuityOf(running).GetProperty("state").GetString());
        Assert.StartsWith("Its tracks have changed (", ContinuityOf(running).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(["H264"], await system.WaitForTracks($"live/{id}/out"));
        Assert.Contains(await system.History(id), static entry => entry.TryGetProperty("reason", out JsonElement reason) && reason.GetString()!.Contains("readers had to connect anew", StringComparison.Ordinal));
    }

    [Theory, OnBothServers]
    public async Task Readers_stay_through_the_death_of_the_silo(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("silo");
        system.Publish(id);
        await system.WaitForFrames(id);
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        IReadOnlyList<string> readers = await WaitForReaders(system, id, 1);
        await system.KillSilo();
        await system.StartSilo();
        JsonElement running = await system.WaitForFrames(id, 2);
        Assert.Equal("Kept", ContinuityOf(running).GetProperty("state").GetString());
        Assert.False(reader.HasEnded, reader.Output + string.Join('\n', system.Media.Lines.TakeLast(60)));
        await AssertServed(system, id, readers);
    }

    [Theory, OnBothServers]
    public async Task After_a_restart_of_the_media_server_outputs_are_kept_again(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("media");
        system.Publish(id);
        await system.WaitForFrames(id);
        await system.KillMedia();
        await system.StartMedia();
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id, 2);
        Assert.Equal("Kept", ContinuityOf(running).GetProperty("state").GetString());
        Assert.Equal($"live/{id}/out", (await system.FindPath($"live/{id}/out"))!.Value.GetProperty("confName").GetString());
    }

    [Theory, OnBothServers]
    public async Task Readers_of_a_failed_stream_stay(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind, ("../Retry/Delays/0", "00:00:00.1"));
        string id = TestStream.NewId("fail");
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        IReadOnlyList<string> readers = await WaitForReaders(system, id, 1);
        Processes.Signal(StreamsSystem.Pid(running), Processes.KillSignal);
        JsonElement next = await system.WaitForFrames(id, 2);
        Processes.Signal(StreamsSystem.Pid(next), Processes.KillSignal);
        JsonElement failed = await system.WaitForPhase(id, "Failed");
        Assert.Equal("Kept", ContinuityOf(failed).GetProperty("state").GetString());
        JsonElement slate = await system.WaitForPath($"live/{id}/out", static item => !item.GetProperty("online").GetBoolean(), "showing its slate");
        Assert.Equal(readers, ReadersOf(slate));
    }

    [Theory, OnBothServers]
    public async Task What_no_slate_can_be_made_for_is_published_all_the_same(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind);
        string id = TestStream.NewId("opus");
        system.Publish(TestInputs.Sounds[0], InputTransport.Rtsp, id);
        JsonElement running = await system.WaitForFrames(id);
        Assert.Equal("Unavailable", ContinuityOf(running).GetProperty("state").GetString());
        Assert.NotEmpty(ContinuityOf(running).GetProperty("reason").GetString()!);
        Assert.NotEqual($"live/{id}/out", (await system.FindPath($"live/{id}/out"))!.Value.GetProperty("confName").GetString());
    }

    [Theory, OnBothServers]
    public async Task A_worker_that_writes_other_tracks_than_its_profile_says_is_published_in_the_usual_way_instead(MediaServerKind kind)
    {
        await using StreamsSystem system = await Start(kind, ("../Workers/Profiles/passthrough/Outputs/3/Writes/SampleRate", "44100"));
        string id = TestStream.NewId("liar");
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id, 2);
        Assert.Equal("Unavailable", ContinuityOf(running).GetProperty("state").GetString());
        Assert.Equal(["H264", "MPEG-4 Audio"], await system.WaitForTracks($"live/{id}/out"));
        Assert.NotEqual($"live/{id}/out", (await system.FindPath($"live/{id}/out"))!.Value.GetProperty("confName").GetString());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_named_and_the_stream_runs()
    {
        await using StreamsSystem system = await Start(MediaServerKind.Standin, ("SlateFolder", "/proc/streams-slates"));
        string id = TestStream.NewId("folder");
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        Assert.Equal("Unavailable", ContinuityOf(running).GetProperty("state").GetString());
        Assert.Contains("Streams:Continuity:SlateFolder", ContinuityOf(running).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_too_old_for_a_kept_output_is_named_and_the_stream_runs()
    {
        await using StreamsSystem system = await Start(MediaServerKind.Standin, ("../Workers/Profiles/passthrough/Outputs/3/Since", "99.0"));
        string id = TestStream.NewId("old");
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        Assert.Equal("Unavailable", ContinuityOf(running).GetProperty("state").GetString());
        Assert.Contains("is too old: it takes 99.0 or later", ContinuityOf(running).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static Task<StreamsSystem> Start(MediaServerKind kind, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(MediaServerVersion.Of(new MediaServerOptions { Kind = kind }).HasAvailableHooks, "This version cannot keep outputs.");
        Dictionary<string, string> all = new() { ["Streams__Continuity__Mode"] = "Keep", ["Streams__Retry__SteadyAfter"] = "00:00:03" };
        foreach ((string name, string value) in settings)
        {
            all[name.StartsWith("../", StringComparison.Ordinal) ? $"Streams__{name[3..].Replace("/", "__", StringComparison.Ordinal)}" : $"Streams__Continuity__{name}"] = value;
        }

        return StreamsSystem.Start(kind, all);
    }

    private static JsonElement ContinuityOf(JsonElement status) => status.GetProperty("continuity");
}

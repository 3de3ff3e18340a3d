using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>How workers are judged: by what arrives, by how fast, and by what they did before they died.</summary>
public sealed class JudgementTests(ProfileSystems systems) : IClassFixture<ProfileSystems>
{
    [Theory, OnBothServers]
    public async Task A_worker_that_counts_frames_while_nothing_arrives_is_told_as_such(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = await NewStream(system, "blind");
        await using ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, id);
        JsonElement status = (await Eventually.Get<JsonElement?>(
            () => system.Status(id), static status => status?.TryGetProperty("lastReason", out JsonElement _) == true, "a reason"))!.Value;
        Assert.Contains($"nothing of it has arrived at live/{id}/out", status.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
        await Eventually.Get(() => system.Runs(id), static runs => runs.Count > 0, "the end of the run");
        Assert.Equal("Hung", (await system.Runs(id))[0].GetProperty("exit").GetString());
        Assert.DoesNotContain(await system.History(id), static entry => entry.GetProperty("phase").GetString() == "Running");
    }

    /// <summary>An encoder waits for the first of each track: the next try goes on without the one that sends nothing.</summary>
    [Theory, OnBothServers]
    public async Task An_encoder_that_waits_for_a_silent_track_goes_on_without_it(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = await NewStream(system, "transcode");
        await using ChildProgram publisher = system.Publish(TestInputs.Of("H.264, AAC that is announced and sends nothing"), InputTransport.Rtsp, id);
        JsonElement running = await system.WaitForPhase(id, "Running");
        Assert.Equal(2, running.GetProperty("generation").GetInt64());
        Assert.Equal(["H264"], await system.WaitForTracks($"live/{id}/out"));
    }

    [Theory, OnBothServers]
    public async Task A_worker_below_real_time_runs_and_is_told_as_slow(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = await NewStream(system, "slow");
        await using ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, id);
        JsonElement slow = (await Eventually.Get<JsonElement?>(
            () => system.Status(id), static status => status?.TryGetProperty("slow", out JsonElement _) == true, "slow", TimeSpan.FromSeconds(60)))!.Value;
        Assert.Equal("Running", slow.GetProperty("phase").GetString());
        Assert.Equal(1, slow.GetProperty("generation").GetInt64());
        Assert.InRange(slow.GetProperty("slow").GetProperty("speed").GetDouble(), 0.1, 0.94);
    }

    [Theory, OnBothServers]
    public async Task A_worker_that_is_quiet_and_busy_is_waited_for(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = await NewStream(system, "lookahead");
        await using ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, id);
        JsonElement running = await system.WaitForFrames(id);
        Assert.Equal(1, running.GetProperty("generation").GetInt64());
        Assert.Empty(await system.Runs(id));
    }

    [Theory, OnBothServers]
    public async Task A_worker_that_is_killed_after_it_ran_steadily_is_replaced_at_once(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = await NewStream(system, null);
        await using ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, id);
        JsonElement running = await system.WaitForFrames(id);
        await Eventually.Get(() => system.History(id), static history => history.Any(static entry => entry.GetProperty("what").GetString() == "WorkerSteady"), "a steady worker");
        Processes.Signal(StreamsSystem.Pid(running), Processes.KillSignal);
        JsonElement second = await system.WaitForFrames(id, 2);
        Assert.Equal(2, second.GetProperty("generation").GetInt64());
        Assert.DoesNotContain(await system.History(id), static entry => entry.GetProperty("phase").GetString() == "Backoff");
    }

    /// <summary>The media server's hooks are lost, so that only its Control API knows that the input has ended.</summary>
    [Fact]
    public async Task One_whose_input_has_ended_is_not_replaced()
    {
        StreamsSystem system = await systems.Get(MediaServerKind.Standin);
        string id = TestStream.NewId("gone");
        await system.ChooseProfile(id, "elsewhere");
        await system.Media.StartSynthetic(id);
        JsonElement running = await system.WaitForFrames(id);
        await Eventually.Get(() => system.History(id), static history => history.Any(static entry => entry.GetProperty("what").GetString() == "WorkerSteady"), "a steady worker");
        await system.Media.Order(new { kind = "hook-drop" });
        try
        {
            await system.Media.EndSynthetic(id);
            Processes.Signal(StreamsSystem.Pid(running), Processes.KillSignal);
            await system.WaitForPhase(id, "Offline");
        }
        finally
        {
            await system.Media.ClearFaults();
        }

        IReadOnlyList<JsonElement> runs = await system.Runs(id);
        Assert.Single(runs, static run => run.TryGetProperty("pid", out JsonElement _));
        Assert.Empty(StreamsSystem.WorkersOf(id));
    }

    private static async Task<string> NewStream(StreamsSystem system, string? profile)
    {
        string id = TestStream.NewId("judged");
        if (profile is not null)
        {
            await system.ChooseProfile(id, profile);
        }

        return id;
    }
}

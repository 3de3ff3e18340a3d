using System.Diagnostics;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Tracks that are silent, stop or begin late hold nothing back: the other ones come out at once, by the first worker, which stays.</summary>
public sealed class PauseTests(SharedSystems systems, ITestOutputHelper report) : IClassFixture<SharedSystems>
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(8);

    [Theory, OnBothServers]
    public async Task A_track_that_is_silent_stops_or_begins_late_holds_nothing_back(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string file = Path.Combine(Path.GetTempPath(), $"{TestStream.NewId("late")}.mkv");
        TestInput late = await TestInputs.MakeSoundThatBeginsLate(file);
        await using MachinePace pace = MachinePace.Watch();
        await Task.WhenAll(
            Pass(system, pace, TestInputs.Of("H.264, AAC that is announced and sends nothing"), "video"),
            Pass(system, pace, TestInputs.Of("H.264, AAC that stops after 3 s"), "video"),
            Pass(system, pace, TestInputs.PictureThatStops, "audio"),
            Pass(system, pace, late, "video", "audio"));
        File.Delete(file);
    }

    /// <param name="flowing">The tracks that a reader of the output must get after all that.</param>
    private async Task Pass(StreamsSystem system, MachinePace pace, TestInput input, params string[] flowing)
    {
        string id = TestStream.NewId("pause");
        await using ChildProgram publisher = system.Publish(input, InputTransport.Rtsp, id);
        long published = Stopwatch.GetTimestamp();
        JsonElement output;
        try
        {
            Assert.Equal(input.Tracks, await system.WaitForTracks($"live/{id}/in"));
            Assert.Equal(input.Tracks, await system.WaitForTracks($"live/{id}/out"));
            output = (await system.FindPath($"live/{id}/out"))!.Value;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{input}: {late.Message}\nThe stream: {await system.Status(id)}\nThe publisher wrote: {publisher.Output}", late);
        }

        JsonElement running = await system.WaitForPhase(id, "Running");
        TimeSpan took = output.GetProperty("availableTime").GetDateTimeOffset() - running.GetProperty("worker").GetProperty("startedAt").GetDateTimeOffset();
        TimeSpan limit = pace.Scale(TimeSpan.FromSeconds(1));
        report.WriteLine($"{system.Media.Kind}: {input}: output {took.TotalMilliseconds:0} ms after the worker's start (limit {limit.TotalMilliseconds:0} ms)");
        Assert.True(took < limit, $"{input}: output only {took.TotalSeconds:0.00} s after the worker's start.");

        JsonElement later = (await Eventually.Get<JsonElement?>(() => system.Status(id), _ => Stopwatch.GetElapsedTime(published) > Watched, "eight seconds"))!.Value;
        Assert.True(
            later.GetProperty("generation").GetInt64() == 1 && later.GetProperty("phase").GetString() == "Running",
            $"{input}: {later}\n{string.Join('\n', await system.Runs(id))}");
        IReadOnlyList<string> flows = await TestStream.FlowingTracks(system.Media.Rtsp($"live/{id}/out"));
        Assert.True(flowing.SequenceEqual(flows), $"{input}: only {string.Join(" and ", flows)} flows. {await system.Status(id)}\nThe publisher wrote: {publisher.Output}");
    }
}

using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;
using static Streams.EndToEnd.Tests.KeptReaders;

namespace Streams.EndToEnd.Tests;

/// <summary>A fallback in place of a worker that makes the sound anew: it makes the same sound, so that the readers stay.</summary>
public sealed class FallbackTracksTests : IDisposable
{
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(90);

    private static readonly string[] Dub =
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-progress", "pipe:1", "-stats_period", "0.5", "-rtsp_transport", "tcp", "-analyzeduration", "1000000", "-i", "{input}",
        "-c:v", "copy", "-bsf:v", "{kept.video}", "-c:a", "aac", "-ar", "48000", "-ac", "2", "-bsf:a", "{kept.audio}", "-max_interleave_delta", "1", "-muxdelay", "0", "-f", "rtsp", "-rtsp_transport", "tcp", "{output.rtsp}",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("streams-tracks-").FullName;

    private string Works => Path.Combine(_folder, "works");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, OnBothServers]
    public async Task Readers_stay_when_the_fallback_takes_its_place_and_when_it_returns(MediaServerKind kind)
    {
        Assert.SkipUnless(MediaServerVersion.Of(new MediaServerOptions { Kind = kind }).HasAvailableHooks, "This version cannot keep outputs.");
        await File.WriteAllTextAsync(Works, "", TestContext.Current.CancellationToken);
        await using StreamsSystem system = await StreamsSystem.Start(kind, Settings("passthrough"));
        string id = TestStream.NewId("tracks");
        await using ChildProgram publisher = system.Publish(TestInputs.Of("H.264, AAC of 44.1 kHz"), InputTransport.Rtmp, id);
        JsonElement dubbed = await system.WaitForFrames(id);
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        IReadOnlyList<string> readers = await WaitForReaders(system, id, 1);

        File.Delete(Works);
        Processes.Signal(StreamsSystem.Pid(dubbed), Processes.KillSignal);
        JsonElement original = (await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status is { } now && IsRunning(now) && now.TryGetProperty("fallback", out _), "the fallback"))!.Value;
        Assert.Equal("""{"state":"Kept"}""", original.GetProperty("continuity").GetRawText());
        Assert.Equal("44100 Hz, 1", SoundOf(await system.FindPath($"live/{id}/in")));
        Assert.Equal("48000 Hz, 2", SoundOf(await system.FindPath($"live/{id}/out")));
        await AssertServed(system, id, readers);

        await File.WriteAllTextAsync(Works, "", TestContext.Current.CancellationToken);
        await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status is { } now && IsRunning(now) && !now.TryGetProperty("fallback", out _), "the worker's own programme", ReturnLimit);
        await AssertServed(system, id, readers);
        Assert.False(reader.HasEnded, reader.Output);
        Assert.DoesNotContain(await system.History(id), static entry => entry.TryGetProperty("reason", out JsonElement reason) && reason.GetString()!.Contains("connect anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_whose_fallback_cannot_write_the_same_tracks_does_not_start_and_says_why()
    {
        Dictionary<string, string> settings = Settings("copy");
        foreach ((string key, string value) in new Dictionary<string, string> { ["Program"] = "ffmpeg", ["Outputs__0__Kept"] = "true", ["Outputs__0__Video__0"] = "H264", ["Outputs__0__Audio__0"] = "*", ["Outputs__0__Arguments__0"] = "{output.rtsp}" })
        {
            settings[$"Streams__Workers__Profiles__copy__{key}"] = value;
        }

        await using ChildProgram silo = StreamsSystem.RunSilo(settings);
        await silo.WaitForEnd();
        Assert.Contains("Streams:Workers:Profiles:dub:Fallback: names 'copy', which cannot write what Outputs:0 of 'dub' does: SampleRate is the input's instead of 48000", silo.Output, StringComparison.Ordinal);
    }

    private static bool IsRunning(JsonElement status) => status.GetProperty("phase").GetString() == "Running" && !status.TryGetProperty("change", out _);

    private static string SoundOf(JsonElement? path)
    {
        JsonElement sound = path!.Value.GetProperty("tracks2").EnumerateArray().Single(static track => track.GetProperty("codec").GetString() == "MPEG-4 Audio").GetProperty("codecProps");
        return string.Create(CultureInfo.InvariantCulture, $"{sound.GetProperty("sampleRate").GetInt32()} Hz, {sound.GetProperty("channelCount").GetInt32()}");
    }

    private Dictionary<string, string> Settings(string fallback)
    {
        string dubber = Path.Combine(_folder, "dubber");
        File.WriteAllText(dubber, $"#!/bin/sh\n[ -e '{Works}' ] || exit 3\nexec ffmpeg \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(dubber, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        TestProfiles profiles = new TestProfiles().Add("dub", dubber, Dub).Set("dub", "Fallback", fallback)
            .Set("dub", "Outputs__0__Kept", "true").Set("dub", "Outputs__0__Writes__SampleRate", "48000").Set("dub", "Outputs__0__Writes__Channels", "2")
            .Set("dub", "Outputs__0__Video__0", "H264").Set("dub", "Outputs__0__Audio__0", "*");
        return new(profiles.Settings) { ["Streams__Continuity__Mode"] = "Keep", ["Streams__Workers__DefaultProfile"] = "dub" };
    }
}

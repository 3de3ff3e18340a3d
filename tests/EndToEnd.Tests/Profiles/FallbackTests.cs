using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A worker that cannot run for a while: its audience gets the original, and the worker's programme again once it can.</summary>
public sealed class FallbackTests : IDisposable
{
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("streams-fallback-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, OnBothServers]
    public async Task The_audience_gets_the_original_while_the_worker_fails_and_its_programme_again_once_it_runs(MediaServerKind kind)
    {
        string works = Path.Combine(_folder, "works");
        string dubber = Path.Combine(_folder, "dubber");
        await File.WriteAllTextAsync(dubber, $"#!/bin/sh\n[ -e '{works}' ] || exit 3\nexec ffmpeg \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(dubber, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        TestProfiles profiles = new TestProfiles().AddPush("dub", "{output}").Set("dub", "Program", dubber).Set("dub", "Fallback", "passthrough");
        await using StreamsSystem system = await StreamsSystem.Start(kind, new Dictionary<string, string>(profiles.Settings) { ["Streams__Workers__DefaultProfile"] = "dub" });
        string id = TestStream.NewId("fallback");
        await using ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtsp, id);

        JsonElement original = await system.WaitForPhase(id, "Running");
        Assert.Equal("passthrough", original.GetProperty("fallback").GetProperty("profile").GetString());
        Assert.Equal("dub", original.GetProperty("profile").GetString());
        Assert.Contains(await system.History(id), static entry => entry.TryGetProperty("reason", out JsonElement reason) && reason.GetString()!.EndsWith("The fallback 'passthrough' takes its place.", StringComparison.Ordinal));

        await using WorkerWatch watch = new(id.Equals);
        await Eventually.True(() => watch.Looks > 2, "a look at the worker");
        await File.WriteAllTextAsync(works, "", TestContext.Current.CancellationToken);
        await Eventually.Get<JsonElement?>(
            () => system.Status(id),
            static status => status is { } now && !now.TryGetProperty("fallback", out _) && !now.TryGetProperty("change", out _) && now.GetProperty("phase").GetString() == "Running",
            "the worker's own programme",
            ReturnLimit);
        Assert.Empty(watch.Missing);
        await Eventually.True(() => StreamsSystem.WorkersOf(id).Count == 1, "the fallback's worker gone");
    }

    [Theory, OnBothServers]
    public async Task Where_the_audience_is_kept_the_worker_proves_itself_beside_the_fallback_before_it_is_on_the_air(MediaServerKind kind)
    {
        Assert.SkipUnless(MediaServerVersion.Of(new MediaServerOptions { Kind = kind }).HasAvailableHooks, "This version cannot keep outputs.");
        using DubProfile dub = new(); // Stereo, of an input in mono: the fallback has to follow.
        dub.Break();
        Dictionary<string, string> settings = new(dub.Settings)
        {
            ["Streams__Workers__DefaultProfile"] = DubProfile.Name,
            ["Streams__Continuity__Mode"] = "Keep",
            ["Streams__Fallback__ProveFor"] = "00:00:05",
            ["Streams__Fallback__FirstPause"] = "00:00:01",
            ["Streams__Fallback__LongestPause"] = "00:00:02",
        };
        await using StreamsSystem system = await StreamsSystem.Start(kind, settings);
        string id = TestStream.NewId("prove");
        system.Publish(id);
        await system.WaitForPhase(id, "Running");
        await using ChildProgram reader = TestStream.ReadRtsp(system.Media.Rtsp($"live/{id}/out"));
        string readerId = Assert.Single((await system.WaitForPath($"live/{id}/out", static item => item.GetProperty("readers").GetArrayLength() == 1, "read")).GetProperty("readers").EnumerateArray()).GetProperty("id").GetString()!;
        string original = await SourceOf(system, id);

        dub.Mend();
        JsonElement proving = await WaitForProof(system, id, after: 0);
        Assert.Equal("passthrough", proving.GetProperty("fallback").GetProperty("profile").GetString());
        Processes.Signal(proving.GetProperty("change").GetProperty("workerPid").GetInt32(), Processes.KillSignal);
        long failed = proving.GetProperty("change").GetProperty("generation").GetInt64();
        JsonElement again = await WaitForProof(system, id, after: failed);
        Assert.Equal((original, proving.GetProperty("generation").GetInt64()), (await SourceOf(system, id), again.GetProperty("generation").GetInt64())); // The audience has seen nothing of the one that failed.

        long proven = again.GetProperty("change").GetProperty("generation").GetInt64();
        JsonElement back = await Eventually.Get<JsonElement?>(
            () => system.Status(id), status => status is { } now && now.GetProperty("generation").GetInt64() == proven && now.GetProperty("phase").GetString() == "Running", "the worker's own programme", ReturnLimit)
            ?? throw new InvalidOperationException();
        Assert.False(back.TryGetProperty("fallback", out _));
        Assert.True(back.GetProperty("since").GetDateTimeOffset() >= again.GetProperty("change").GetProperty("takesOverAt").GetDateTimeOffset());
        await Eventually.True(() => StreamsSystem.WorkersOf(id).Count == 1, "the fallback's worker gone");
        JsonElement served = await system.WaitForPath($"live/{id}/out", static item => item.GetProperty("online").GetBoolean(), "online");
        long sent = served.GetProperty("outboundBytes").GetInt64();
        served = await system.WaitForPath($"live/{id}/out", item => item.GetProperty("outboundBytes").GetInt64() > sent + 20_000, "sent to its reader");
        Assert.Equal(readerId, Assert.Single(served.GetProperty("readers").EnumerateArray()).GetProperty("id").GetString());
        Assert.False(reader.HasEnded, reader.Output);
        Assert.Contains(await system.History(id), entry => entry.GetProperty("what").GetString() == "WorkerReady" && entry.GetProperty("reason").GetString()!.StartsWith($"Run {failed} works beside", StringComparison.Ordinal));

        Processes.Signal(StreamsSystem.Pid(back), Processes.KillSignal); // It is a run like any other from now on.
        await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status is { } now && now.TryGetProperty("fallback", out _) && now.GetProperty("phase").GetString() == "Running", "the fallback again");
        Assert.False(reader.HasEnded, reader.Output);
    }

    private static async Task<string> SourceOf(StreamsSystem system, string id) =>
        (await system.WaitForPath($"live/{id}/out", static item => item.GetProperty("online").GetBoolean(), "online")).GetProperty("source").GetProperty("id").GetString()!;

    private static async Task<JsonElement> WaitForProof(StreamsSystem system, string id, long after) => await Eventually.Get<JsonElement?>(
        () => system.Status(id),
        status => status is { } now && now.TryGetProperty("change", out JsonElement change) && change.GetProperty("generation").GetInt64() > after && change.TryGetProperty("takesOverAt", out _),
        $"a run after {after} that proves itself",
        ReturnLimit) ?? throw new InvalidOperationException();
}

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
}

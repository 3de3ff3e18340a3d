using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A backup of a running system, and a restore after its data are gone.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_restore_brings_back_an_operators_stop_a_profile_and_the_history()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string stopped = TestStream.NewId("stopped");
        string chosen = TestStream.NewId("chosen");
        string backup = Path.Combine(Path.GetDirectoryName(system.DataFolder)!, "streams.backup");
        await system.Media.StartSynthetic(stopped);
        await system.WaitForFrames(stopped);
        using (HttpResponseMessage stop = await system.Api.PostAsync(new Uri($"/v1/streams/{stopped}/stop", UriKind.Relative), null))
        {
            stop.EnsureSuccessStatusCode();
        }

        await system.ChooseProfile(chosen, "transcode");
        await system.WaitForPhase(stopped, "Offline");
        string[] history = await Entries(system, stopped, "Stop");

        (int code, string output) = await Run(system, "backup", backup);
        Assert.True(code == 0, output);
        (code, output) = await Run(system, "restore", backup);
        Assert.True(code == 1, output);
        Assert.Contains($"process {system.Silo.Pid} on host", output, StringComparison.Ordinal);
        Assert.True((await system.Status(stopped))!.Value.GetProperty("isHeld").GetBoolean());

        system.Silo.Signal(ChildProgram.Terminate);
        Assert.Equal(0, await system.Silo.WaitForEnd(TimeSpan.FromSeconds(60)));
        await system.Silo.DisposeAsync();
        Directory.Delete(system.DataFolder, recursive: true);
        (code, output) = await Run(system, "restore", backup);
        Assert.True(code == 0, output);
        await system.StartSilo();

        JsonElement status = (await system.Status(stopped))!.Value;
        Assert.True(status.GetProperty("isHeld").GetBoolean());
        Assert.Equal("Offline", status.GetProperty("phase").GetString());
        Assert.Empty(StreamsSystem.WorkersOf(stopped));
        Assert.Equal("transcode", (await system.Status(chosen))!.Value.GetProperty("profile").GetString());
        Assert.Equal(history, (await Entries(system, stopped, "Stop"))[..history.Length]);
        Assert.Single(await system.Runs(stopped));
    }

    private static async Task<string[]> Entries(StreamsSystem system, string id, string last) => [.. (await Eventually.Get(
        () => system.History(id), entries => entries.Any(entry => entry.GetProperty("what").GetString() == last), $"{last} in the history of {id}")).Select(static entry => entry.ToString())];

    private static async Task<(int Code, string Output)> Run(StreamsSystem system, params string[] arguments)
    {
        await using ChildProgram program = ChildProgram.Start(
            StreamsSystem.BuildOutput("Silo", "Streams.Silo"), arguments, new Dictionary<string, string> { ["Streams__Data__Folder"] = system.DataFolder });
        int code = await program.WaitForEnd(TimeSpan.FromSeconds(60));
        return (code, program.Output);
    }
}

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
        await BackUpLoseAndRestore(
            system,
            () =>
            {
                Directory.Delete(system.DataFolder, recursive: true);
                return Task.CompletedTask;
            },
            (command, file) => Run(StreamsSystem.BuildOutput("Silo", "Streams.Silo"), [command, file], new() { ["Streams__Data__Folder"] = system.DataFolder }));
    }

    [Fact]
    public async Task So_it_does_with_PostgreSQL_whose_password_no_worker_and_no_message_has()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        Assert.SkipWhen(ChildProgram.Find("pg_dump") is null, "pg_dump is not on the PATH.");
        await using PostgresServer server = await PostgresServer.Start();
        string connection = await server.CreateDatabase();
        await using StreamsSystem system = await StreamsSystem.Start(
            MediaServerKind.Standin, new Dictionary<string, string>(FakeProfile.With("progress")) { ["Streams__Store__Kind"] = "Postgres", ["Streams__Store__ConnectionString"] = connection });
        string id = TestStream.NewId("secret");
        await system.Media.StartSynthetic(id);
        int pid = StreamsSystem.Pid(await system.WaitForFrames(id));
        Assert.DoesNotContain(server.Password, await File.ReadAllTextAsync($"/proc/{pid}/environ", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.All(StreamsSystem.WorkersOf(id), worker => Assert.DoesNotContain(Processes.ArgumentsOf(worker), argument => argument.Contains(server.Password, StringComparison.Ordinal)));
        Dictionary<string, string> settings = new() { ["STREAMS_ENV_FILE"] = "/dev/null", ["STREAMS_STORE"] = "postgres", ["STREAMS_STORE_CONNECTION"] = connection };

        await BackUpLoseAndRestore(
            system,
            () => server.Sql("test_1", "DROP SCHEMA public CASCADE; CREATE SCHEMA public"),
            async (command, file) =>
            {
                (int code, string output) = await Run(Repository.PathOf("deploy", "scripts", $"{command}.sh"), [file], settings);
                Assert.DoesNotContain(server.Password, output, StringComparison.Ordinal);
                return (code, output);
            });
        Assert.DoesNotContain(server.Password, system.Silo.Output, StringComparison.Ordinal);
    }

    /// <param name="system">The system.</param>
    /// <param name="lose">Loses the data, while no silo runs.</param>
    /// <param name="run">Runs <c>backup</c> or <c>restore</c> with a file.</param>
    private static async Task BackUpLoseAndRestore(StreamsSystem system, Func<Task> lose, Func<string, string, Task<(int Code, string Output)>> run)
    {
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

        (int code, string output) = await run("backup", backup);
        Assert.True(code == 0, output);
        (code, output) = await run("restore", backup);
        Assert.True(code == 1, output);
        Assert.Contains($"process {system.Silo.Pid} on ", output, StringComparison.Ordinal);
        Assert.True((await system.Status(stopped))!.Value.GetProperty("isHeld").GetBoolean());

        system.Silo.Signal(ChildProgram.Terminate);
        Assert.Equal(0, await system.Silo.WaitForEnd(TimeSpan.FromSeconds(60)));
        await system.Silo.DisposeAsync();
        await lose();
        (code, output) = await run("restore", backup);
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

    private static async Task<(int Code, string Output)> Run(string file, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        await using ChildProgram program = ChildProgram.Start(file, arguments, environment);
        int code = await program.WaitForEnd(TimeSpan.FromSeconds(60));
        return (code, program.Output);
    }
}

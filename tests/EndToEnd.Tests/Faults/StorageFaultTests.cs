using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The SQLite store under real silos: shared, full, locked, deleted, replaced, cut, damaged.</summary>
public sealed class StorageFaultTests
{
    [Fact]
    public async Task While_the_state_cannot_be_saved_running_workers_live_on_and_nothing_new_is_done()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string id = TestStream.NewId("disk");
        string late = TestStream.NewId("late");
        await system.Media.StartSynthetic(id);
        JsonElement running = await system.WaitForFrames(id);
        using (Hold(system.DatabaseFile))
        {
            using HttpResponseMessage refused = await system.Api.PostAsJsonAsync(
                new Uri("/v1/mediamtx/events/ready", UriKind.Relative),
                new { path = $"live/{late}/in", sourceType = "rtmpConn", sourceId = Guid.NewGuid() });
            Assert.True(refused.StatusCode >= HttpStatusCode.InternalServerError, $"An event that cannot be saved was answered with {refused.StatusCode}.");
            Assert.Empty(StreamsSystem.WorkersOf(late));
            Assert.True(Processes.IsAlive(StreamsSystem.Pid(running)));
        }

        await system.Media.StartSynthetic(late);
        await system.WaitForFrames(late);
        Assert.Equal(StreamsSystem.Pid(running), StreamsSystem.Pid((await system.Status(id))!.Value));
    }

    /// <summary>CASES C1: both would see the other's workers as lost, and start their own.</summary>
    [Fact]
    public async Task A_second_silo_on_the_same_folder_ends_at_once_and_names_the_first_and_no_worker_is_doubled()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string[] ids = [.. Enumerable.Range(0, 5).Select(static _ => TestStream.NewId("owned"))];
        await Task.WhenAll(ids.Select(id => system.Media.StartSynthetic(id)));
        JsonElement[] running = await Task.WhenAll(ids.Select(id => system.WaitForFrames(id)));
        await using WorkerWatch watch = new(ids.Contains);
        for (int i = 0; i < 3; i++)
        {
            await using ChildProgram second = system.StartAnotherSilo();
            Assert.Equal(1, await second.WaitForEnd());
            Assert.Contains($"process {system.Silo.Pid} on host {Environment.MachineName}, started at ", second.Output, StringComparison.Ordinal);
        }

        await Eventually.True(() => watch.Looks > 20, "the processes watched for a second");
        Assert.Empty(watch.Doubled);
        JsonElement?[] after = await Task.WhenAll(ids.Select(id => system.Status(id)));
        Assert.Equal(running.Select(StreamsSystem.Pid), after.Select(static status => StreamsSystem.Pid(status!.Value)));
    }

    /// <summary>CASES C2: streams beyond the first thousand are found by phase and by id, on the page too, which stays small.</summary>
    [Fact]
    public async Task Among_thousands_of_streams_the_three_that_failed_are_found()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        using (SqliteConnection file = Connect(system.DatabaseFile))
        {
            Execute(
                file,
                """
                WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 2999)
                INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, state, checksum)
                SELECT printf('cam%04d', n), 1, 0, 638000000000000000 + n, 1, 0, 0, '{}', 0 FROM number;
                INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, state, checksum)
                VALUES ('zz1', 1, 5, 1, 4, 1, 0, '{}', 0), ('zz2', 1, 5, 1, 4, 1, 0, '{}', 0), ('zz3', 1, 5, 1, 4, 1, 0, '{}', 0);
                """);
        }

        JsonElement failed = await system.Get("/v1/streams?phase=Failed");
        Assert.Equal(["zz1", "zz2", "zz3"], failed.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("streamId").GetString()));
        Assert.Equal(3003, (await system.Get("/v1/streams?itemsPerPage=1")).GetProperty("itemCount").GetInt32());
        Assert.Equal("cam2999", (await system.Get("/v1/streams?q=CAM&sort=-id&itemsPerPage=1")).GetProperty("items")[0].GetProperty("streamId").GetString());
        string page = await system.Api.GetStringAsync(new Uri("/?phase=failed", UriKind.Relative));
        Assert.Contains("Failed <b>3</b>", page, StringComparison.Ordinal);
        Assert.Contains("/streams/zz3", page, StringComparison.Ordinal);
        Assert.Contains("/streams/zz1", await system.Api.GetStringAsync(new Uri("/?q=zz1", UriKind.Relative)), StringComparison.Ordinal);
        string all = await system.Api.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.Contains("1 to 100 of 3003 streams", all, StringComparison.Ordinal);
        Assert.InRange(all.Length, 1, 200_000);
    }

    /// <summary>CASES C3.</summary>
    [Fact]
    public async Task A_damaged_history_row_is_told_by_the_history_and_its_stream_runs()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string id = TestStream.NewId("past");
        await system.Media.StartSynthetic(id);
        await system.WaitForFrames(id);
        await Eventually.True(() => Count(system.DatabaseFile, $"SELECT COUNT(*) FROM history WHERE stream_id = '{id}'") >= 3, "a history");
        await system.KillSilo();
        using (SqliteConnection file = Connect(system.DatabaseFile))
        {
            Execute(file, $"UPDATE history SET entry = substr(entry, 1, 10) WHERE stream_id = '{id}' AND number = 2");
        }

        await system.StartSilo();
        await system.WaitForFrames(id, generation: 2);
        JsonElement history = await system.Get($"/v1/streams/{id}/history");
        Assert.Equal(1, history.GetProperty("damaged").GetInt32());
        Assert.Contains(history.GetProperty("entries").EnumerateArray(), static entry => entry.GetProperty("what").GetString() == "InputReady");
        Assert.Contains("damaged", await system.Api.GetStringAsync(new Uri($"/streams/{id}", UriKind.Relative)), StringComparison.Ordinal);
    }

    /// <summary>A sibling of C3: the state itself.</summary>
    [Fact]
    public async Task A_damaged_state_is_its_streams_problem_alone_and_starts_anew_when_it_is_dropped()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        (string id, string other) = (TestStream.NewId("hurt"), TestStream.NewId("well"));
        await system.Media.StartSynthetic(id);
        await system.Media.StartSynthetic(other);
        await system.WaitForFrames(id);
        await system.WaitForFrames(other);
        await system.KillSilo();
        using (SqliteConnection file = Connect(system.DatabaseFile))
        {
            Execute(file, $"UPDATE streams SET state = replace(state, 'rtmpConn', 'rtmpKonn') WHERE stream_id = '{id}'");
        }

        await system.StartSilo();
        await system.WaitForFrames(other, generation: 2);
        using (HttpResponseMessage damaged = await system.Api.GetAsync(new Uri($"/v1/streams/{id}", UriKind.Relative)))
        {
            JsonElement problem = await damaged.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.InternalServerError, "urn:streams:problem:damaged-stream"), (damaged.StatusCode, problem.GetProperty("type").GetString()));
            Assert.Contains($"DELETE /v1/streams/{id}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(2, (await system.Get("/v1/streams?phase=Running,Starting")).GetProperty("itemCount").GetInt32());
        using (HttpResponseMessage dropped = await system.Api.DeleteAsync(new Uri($"/v1/streams/{id}", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.NoContent, dropped.StatusCode);
        }

        await system.WaitForFrames(id);
    }

    /// <summary>CASES C4.</summary>
    [Fact]
    public async Task A_full_disk_is_named_by_the_command_the_readiness_and_the_page_and_all_goes_on_when_there_is_space()
    {
        using SmallDisk? disk = SmallDisk.TryMount(megabytes: 3);
        Assert.SkipWhen(disk is null, "A file system of its own needs the right to mount one.");
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"), dataFolder: disk!.Folder);
        string id = TestStream.NewId("full");
        await system.Media.StartSynthetic(id);
        int pid = StreamsSystem.Pid(await system.WaitForFrames(id));
        disk.Fill();
        await Eventually.Get(async () => (await Order(system, id, "stop")).Detail, static why => why?.Contains("disk is full", StringComparison.Ordinal) == true, "the full disk named", TimeSpan.FromSeconds(60));
        string ready = await Eventually.Get(() => Ready(system), static answer => answer.Contains("disk is full", StringComparison.Ordinal), "readiness without space");
        Assert.Contains("Unhealthy", ready, StringComparison.Ordinal);
        Assert.Contains("disk is full", await system.Api.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        Assert.True(Processes.IsAlive(pid));
        disk.Empty();
        await Eventually.Get(() => Order(system, id, "stop"), static answer => answer.Status == HttpStatusCode.OK, "an acknowledged stop");
        await system.WaitForPhase(id, "Offline");
    }

    /// <summary>CASES C5 and its siblings.</summary>
    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("cut")]
    public async Task A_database_that_is_lost_under_the_silo_takes_no_acknowledgement_and_the_worker_lives_on(string how)
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string id = TestStream.NewId("lost");
        await system.Media.StartSynthetic(id);
        int pid = StreamsSystem.Pid(await system.WaitForFrames(id));
        string kept = system.DatabaseFile + ".kept";
        File.Copy(system.DatabaseFile, kept);
        switch (how)
        {
            case "deleted":
                Array.ForEach(Directory.GetFiles(system.DataFolder, "streams.db*"), static file => File.Delete(file));
                break;
            case "replaced":
                File.Move(kept, system.DatabaseFile, overwrite: true);
                break;
            default:
                using (FileStream cut = new(system.DatabaseFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    cut.SetLength(100);
                }

                break;
        }

        (HttpStatusCode status, string? detail) = await Order(system, id, "stop");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(how, detail, StringComparison.Ordinal);
        await Eventually.Get(() => Ready(system), answer => answer.Contains(how, StringComparison.Ordinal), "readiness without the file");
        Assert.True(Processes.IsAlive(pid));
        Assert.Equal("Running", (await system.Status(id))!.Value.GetProperty("phase").GetString());

        // The documented way out: restart the silo with what is there, or with a backup.
        if (how == "cut")
        {
            Array.ForEach(Directory.GetFiles(system.DataFolder, "streams.db*"), static file => File.Delete(file));
        }

        await system.KillSilo();
        await system.StartSilo();
        await Order(system, id, "resume"); // Whether what was not acknowledged took effect is open: here it stands in the log.
        await system.WaitForFrames(id);
    }

    /// <summary>CASES C6.</summary>
    [Fact]
    public async Task A_silo_refuses_a_database_that_was_cut_and_says_what_to_do()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string id = TestStream.NewId("held");
        await system.Media.StartSynthetic(id);
        await system.WaitForFrames(id);
        Assert.Equal(HttpStatusCode.OK, (await Order(system, id, "stop")).Status);
        await system.WaitForPhase(id, "Offline");
        using (FileStream cut = new(system.DatabaseFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(100);
        }

        await system.KillSilo();
        await using ChildProgram next = system.StartAnotherSilo();
        await Eventually.True(() => next.HasEnded || next.Output.Contains("Now listening", StringComparison.Ordinal), "the second silo ended or started");
        if (next.HasEnded)
        {
            Assert.Equal(1, await next.WaitForEnd());
            Assert.Contains("make restore", next.Output, StringComparison.Ordinal);
        }
        else
        {
            Assert.True((await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status is not null, "the stream whole"))!.Value.GetProperty("isHeld").GetBoolean());
        }
    }

    private static async Task<(HttpStatusCode Status, string? Detail)> Order(StreamsSystem system, string id, string order)
    {
        using HttpResponseMessage answer = await system.Api.PostAsync(new Uri($"/v1/streams/{id}/{order}", UriKind.Relative), null);
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() : null);
    }

    private static async Task<string> Ready(StreamsSystem system)
    {
        using HttpResponseMessage answer = await system.Api.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("checks").GetProperty("store").GetString()!;
    }

    private static long Count(string file, string sql)
    {
        using SqliteConnection connection = Connect(file);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Connect(string file)
    {
        SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Keeps SQLite's write lock until it is disposed.</summary>
    private static SqliteConnection Hold(string file)
    {
        SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}

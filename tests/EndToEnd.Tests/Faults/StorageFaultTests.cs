using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The state file cannot be written while streams are live: another process holds it, as a full or broken disk would.</summary>
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
        using (Hold(Path.Combine(system.DataFolder, "streams.db")))
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

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Streams on a real PostgreSQL: what the SQLite store is held to (<see cref="StorageFaultTests"/>), and what only a server can suffer.</summary>
public sealed class PostgresStoreTests : IAsyncLifetime
{
    private PostgresServer? _server;
    private string _connection = "";

    private PostgresServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.Start();
        _connection = await _server.CreateDatabase();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>SC-015: no worker ends, what was acknowledged holds, and what the hooks could not tell meanwhile is made up for.</summary>
    [Theory]
    [InlineData("killed")]
    [InlineData("frozen")]
    public async Task While_the_server_is_away_no_worker_ends_and_nothing_acknowledged_is_lost(string how)
    {
        await using StreamsSystem system = await Start();
        string[] ids = [.. Enumerable.Range(0, 5).Select(static _ => TestStream.NewId("away"))];
        (string held, string late, string refused) = (TestStream.NewId("held"), TestStream.NewId("late"), TestStream.NewId("refused"));
        await Task.WhenAll(ids.Concat([held, refused]).Select(id => system.Media.StartSynthetic(id)));
        JsonElement[] running = await Task.WhenAll(ids.Select(id => system.WaitForFrames(id)));
        await system.WaitForFrames(held);
        Assert.Equal(HttpStatusCode.OK, (await Order(system, held, "stop")).Status);

        if (how == "killed")
        {
            await Server.Kill();
        }
        else
        {
            Server.Freeze();
        }

        string ready = await Eventually.Get(() => Ready(system), static store => store != "Healthy", "readiness without the store");
        Assert.Contains("PostgreSQL", ready, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Password, ready, StringComparison.Ordinal);
        Assert.Contains("The store cannot be used", await system.Api.GetStringAsync(new Uri("/parts/nodes", UriKind.Relative)), StringComparison.Ordinal);
        string page = await system.Api.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.Contains("Only the active streams are shown.", page, StringComparison.Ordinal);
        Assert.All(ids, id => Assert.Contains($"/streams/{id}", page, StringComparison.Ordinal));
        await system.Media.StartSynthetic(late);
        (HttpStatusCode status, string? detail) = await Order(system, refused, "stop"); // It may take effect later all the same.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("PostgreSQL", detail, StringComparison.Ordinal);
        Assert.Equal(running.Select(StreamsSystem.Pid), (await Task.WhenAll(ids.Select(id => system.Status(id)))).Select(static seen => StreamsSystem.Pid(seen!.Value)));

        if (how == "killed")
        {
            await Server.StartAgain();
        }
        else
        {
            Server.Thaw();
        }

        await system.WaitForFrames(late, patience: TimeSpan.FromSeconds(40));
        await Eventually.Get(() => Ready(system), static store => store == "Healthy", "readiness with the store");
        Assert.All(running, static status => Assert.True(Processes.IsAlive(StreamsSystem.Pid(status))));
        await system.KillSilo();
        await system.StartSilo();
        Assert.True((await system.Status(held))!.Value.GetProperty("isHeld").GetBoolean());
        await Task.WhenAll(ids.Select(id => system.WaitForFrames(id, generation: 2)));
    }

    /// <summary>CASES C1, until several silos make a cluster.</summary>
    [Fact]
    public async Task A_second_silo_on_the_same_database_ends_and_names_the_first()
    {
        await using StreamsSystem system = await Start();
        string id = TestStream.NewId("owned");
        await system.Media.StartSynthetic(id);
        JsonElement running = await system.WaitForFrames(id);
        await using WorkerWatch watch = new(stream => stream == id);
        await using ChildProgram second = system.StartAnotherSilo();
        Assert.Equal(1, await second.WaitForEnd());
        Assert.Contains($"process {system.Silo.Pid} on {Environment.MachineName}", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Password, second.Output, StringComparison.Ordinal);
        Assert.Empty(watch.Doubled);
        Assert.Equal(StreamsSystem.Pid(running), StreamsSystem.Pid((await system.Status(id))!.Value));
    }

    /// <summary>CASES C3.</summary>
    [Fact]
    public async Task A_damaged_history_row_is_told_by_the_history_and_its_stream_runs()
    {
        await using StreamsSystem system = await Start();
        string id = TestStream.NewId("past");
        await system.Media.StartSynthetic(id);
        await system.WaitForFrames(id);
        await Eventually.Get(() => Sql($"SELECT COUNT(*) FROM history WHERE stream_id = '{id}'"), static count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) >= 3, "a history");
        await system.KillSilo();
        await Sql($"UPDATE history SET entry = left(entry, 10) WHERE stream_id = '{id}' AND number = 2");
        await system.StartSilo();
        await system.WaitForFrames(id, generation: 2);
        Assert.Equal(1, (await system.Get($"/v1/streams/{id}/history")).GetProperty("damaged").GetInt32());
    }

    /// <summary>A sibling of C4.</summary>
    [Fact]
    public async Task A_database_that_is_read_only_is_named_and_all_goes_on_when_it_is_not()
    {
        await using StreamsSystem system = await Start();
        string id = TestStream.NewId("only");
        await system.Media.StartSynthetic(id);
        JsonElement running = await system.WaitForFrames(id);
        await Sql("ALTER SYSTEM SET default_transaction_read_only = on");
        await Sql("SELECT pg_reload_conf()");
        await Eventually.Get(async () => (await Order(system, id, "stop")).Detail, static why => why?.Contains("read-only", StringComparison.Ordinal) == true, "the reason named");
        Assert.Contains("read-only", await Eventually.Get(() => Ready(system), static store => store != "Healthy", "readiness"), StringComparison.Ordinal);
        Assert.True(Processes.IsAlive(StreamsSystem.Pid(running)));
        await Server.Kill();
        File.Delete(Path.Combine(Server.SocketFolder, "data", "postgresql.auto.conf"));
        await Server.StartAgain();
        await Eventually.Get(() => Order(system, id, "stop"), static answer => answer.Status == HttpStatusCode.OK, "an acknowledged stop");
    }

    private Task<StreamsSystem> Start() => StreamsSystem.Start(
        MediaServerKind.Standin,
        new Dictionary<string, string>(FakeProfile.With("progress")) { ["Streams__Store__Kind"] = "Postgres", ["Streams__Store__ConnectionString"] = _connection });

    private Task<string> Sql(string sql) => Server.Sql("test_1", sql);

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
}

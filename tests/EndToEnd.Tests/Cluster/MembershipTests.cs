using System.Diagnostics;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Three silos with one PostgreSQL: they find each other, agree on who is dead, and need the database for neither.</summary>
public sealed class MembershipTests
{
    private static readonly TimeSpan DeclaredDead = TimeSpan.FromSeconds(12);

    private static readonly string[] All = ["silo-1", "silo-2", "silo-3"];

    [Fact]
    public async Task Three_silos_are_one_cluster_and_one_that_is_killed_is_declared_dead()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(3);
        group.Silos["silo-2"].Signal(Processes.KillSignal);
        long killed = Stopwatch.GetTimestamp();
        await Eventually.Get(() => group.Members("status = 6"), static dead => dead is ["silo-2"], "silo-2 declared dead", DeclaredDead);
        TestContext.Current.SendDiagnosticMessage($"Declared dead after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s.");
        Assert.Equal(["silo-1", "silo-3"], await group.Members("status = 3"));

        await group.StartAgain("silo-2");
        await group.WaitForActive(All);
    }

    /// <summary>A supervisor is faster than the others' word.</summary>
    [Fact]
    public async Task A_silo_that_is_killed_and_started_again_at_once_is_back_and_its_former_life_is_dead()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(2);
        group.Silos["silo-2"].Signal(Processes.KillSignal);
        await group.StartAgain("silo-2");
        await Eventually.Get(
            () => group.Members("status IN (3, 6)"), static seen => seen is ["silo-1", "silo-2", "silo-2"], "silo-2 twice", TimeSpan.FromSeconds(40));
        Assert.Equal(["silo-2"], await group.Members("status = 6"));
        await group.WaitForActive(["silo-1", "silo-2"]);
    }

    [Fact]
    public async Task A_silo_can_be_ended_while_the_database_is_away()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(2);
        ChildProgram ending = group.Silos["silo-1"];
        group.Server.Freeze();
        try
        {
            ending.Signal(ChildProgram.Terminate);
            int code = await ending.WaitForEnd(TimeSpan.FromSeconds(40));
            Assert.True(code == 0, $"It ended with {code}: {ending.Output}");
        }
        finally
        {
            group.Server.Thaw();
        }

        await Eventually.Get(() => group.Members("status = 6"), static dead => dead is ["silo-1"], "silo-1 declared dead once the database is back", DeclaredDead);
    }

    [Fact]
    public async Task A_silo_that_was_frozen_is_declared_dead_and_ends_when_it_learns_of_it()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(3);
        ChildProgram frozen = group.Silos["silo-3"];
        frozen.Signal(ChildProgram.Freeze);
        try
        {
            await Eventually.Get(() => group.Members("status = 6"), static dead => dead is ["silo-3"], "silo-3 declared dead", DeclaredDead);
        }
        finally
        {
            frozen.Signal(ChildProgram.Thaw);
        }

        Assert.Equal(1, await frozen.WaitForEnd(TimeSpan.FromSeconds(10)));
        Assert.Single(frozen.Lines, static line => line.Contains("\"LogId\":5010", StringComparison.Ordinal));
        Assert.Equal(["silo-1", "silo-2"], await group.Members("status = 3"));
    }

    [Fact]
    public async Task A_database_that_is_away_for_ten_seconds_ends_no_silo()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(3);
        group.Server.Freeze();
        try
        {
            // The outage itself is what is waited for.
            await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
        finally
        {
            group.Server.Thaw();
        }

        string since = await group.Server.Sql("test_1", "SELECT now()");
        await Eventually.Get(() => group.Members($"alive_at > '{since}'"), static signed => signed.SequenceEqual(All), "signs of life of all after the outage");
        Assert.Equal(All, await group.Members("status = 3"));
        Assert.All(group.Silos.Values, static silo => Assert.False(silo.HasEnded));
    }

    [Fact]
    public async Task A_silo_that_ends_says_good_bye()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(2);
        group.Silos["silo-1"].Signal(ChildProgram.Terminate);
        int code = await group.Silos["silo-1"].WaitForEnd(TimeSpan.FromSeconds(30));
        Assert.True(code == 0, $"It ended with {code}: {group.Silos["silo-1"].Output}");
        Assert.Equal(["silo-1"], await group.Members("status = 6"));
        Assert.Equal(["silo-2"], await group.Members("status = 3"));
        Assert.False(group.Silos["silo-2"].HasEnded);
    }

    [Fact]
    public async Task An_API_alone_finds_the_silos_and_loses_none_with_one_of_them()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(2);
        int port = FreePorts.Next();
        await using ChildProgram api = group.StartApi(port);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.Get(() => Answers(http), static answers => answers, "the list of streams from the API alone");
        group.Silos["silo-1"].Signal(Processes.KillSignal);
        await Eventually.Get(() => group.Members("status = 6"), static dead => dead is ["silo-1"], "silo-1 declared dead", DeclaredDead);
        await Eventually.Get(() => Answers(http), static answers => answers, "the list of streams from the silo that is left", TimeSpan.FromSeconds(40));
        Assert.False(api.HasEnded);
    }

    private static async Task<bool> Answers(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri("/v1/streams", UriKind.Relative));
        return answer.IsSuccessStatusCode;
    }
}

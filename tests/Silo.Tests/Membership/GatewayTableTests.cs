using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Streams.Api.Cluster;
using Streams.Silo.Membership;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Silo.Tests.Storage.Postgres;
using Xunit;

namespace Streams.Silo.Tests.Membership;

/// <summary>What an API alone reads of the table that silos write.</summary>
public sealed class GatewayTableTests(SharedPostgres shared)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gateways_of_active_silos_are_found_with_no_right_but_to_read_their_table()
    {
        string database = await (await shared.Server).CreateDatabase();
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync(Ended);
        await PostgresSchema.Migrate(connection, "here", Ended);
        await using PostgresMembershipTable table = new(
            Options.Create(new StoreOptions { ConnectionString = database }), Options.Create(new ClusterOptions { ClusterId = "mine" }), TimeProvider.System);
        await table.InitializeMembershipTable(true);
        int generation = 0;
        foreach ((SiloStatus status, int port) in new[] { (SiloStatus.Active, 30_000), (SiloStatus.Active, 0), (SiloStatus.Joining, 30_001), (SiloStatus.Dead, 30_002), (SiloStatus.Active, 30_003) })
        {
            MembershipEntry entry = new()
            {
                SiloAddress = SiloAddress.New(IPAddress.Parse("192.0.2.7"), 11_111, ++generation),
                Status = status,
                ProxyPort = port,
                HostName = "h",
                SiloName = "s",
                SuspectTimes = [],
            };
            Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        }

        string user = $"reader_{Guid.NewGuid():N}";
        await using NpgsqlCommand grants = new($"CREATE ROLE {user} LOGIN PASSWORD 'secret'; GRANT SELECT ON membership TO {user}", connection);
        await grants.ExecuteNonQueryAsync(Ended);
        string asReader = new NpgsqlConnectionStringBuilder(database) { Username = user, Password = "secret" }.ConnectionString;

        GatewayTable gateways = new(
            Options.Create(new GatewayTableOptions { ConnectionString = asReader }), Options.Create(new ClusterOptions { ClusterId = "mine" }), Options.Create(new GatewayOptions()), TimeProvider.System);
        Assert.Equal(["gwy.tcp://192.0.2.7:30000/1", "gwy.tcp://192.0.2.7:30003/5"], (await gateways.GetGateways()).Select(static uri => uri.ToString()).Order());
        GatewayTable others = new(
            Options.Create(new GatewayTableOptions { ConnectionString = asReader }), Options.Create(new ClusterOptions { ClusterId = "other" }), Options.Create(new GatewayOptions()), TimeProvider.System);
        Assert.Empty(await others.GetGateways());
    }
}

using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;

namespace Streams.Api.Cluster;

/// <summary>
/// The gateways of a cluster's active silos, read from the silos' table of their membership. It is all that the API knows of the database. While that is away, Orleans goes on with the gateways
/// that it knows.
/// </summary>
internal sealed class GatewayTable : IGatewayListProvider
{
    private const string Active = "SELECT address, gateway_port FROM membership WHERE cluster_id = $1 AND status = 3 AND gateway_port > 0";

    /// <summary>How long a look lasts at most.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly string _connectionString;
    private readonly string _cluster;
    private readonly TimeProvider _time;

    public GatewayTable(IOptions<GatewayTableOptions> table, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> gateways, TimeProvider time)
    {
        // A connection for each look: one of a pool that hangs would be the next one too.
        _connectionString = new NpgsqlConnectionStringBuilder(table.Value.ConnectionString)
        {
            Pooling = false,
            Timeout = (int)Limit.TotalSeconds,
            CommandTimeout = (int)Limit.TotalSeconds,
            CancellationTimeout = -1, // Nothing is asked of a server that does not answer.
            ApplicationName = "streams gateways",
        }.ConnectionString;
        _cluster = cluster.Value.ClusterId;
        _time = time;
        MaxStaleness = gateways.Value.GatewayListRefreshPeriod;
    }

    /// <inheritdoc/>
    public TimeSpan MaxStaleness { get; }

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways() => Read().WaitAsync(Limit + Limit, _time);

    private async Task<IList<Uri>> Read()
    {
        await using NpgsqlConnection connection = new(_connectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using NpgsqlCommand command = new(Active, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = _cluster } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None);
        List<Uri> gateways = [];
        while (await reader.ReadAsync(CancellationToken.None))
        {
            SiloAddress silo = SiloAddress.FromParsableString(reader.GetString(0));
            gateways.Add(SiloAddress.New(new IPEndPoint(silo.Endpoint.Address, reader.GetInt32(1)), silo.Generation).ToGatewayUri());
        }

        return gateways;
    }
}

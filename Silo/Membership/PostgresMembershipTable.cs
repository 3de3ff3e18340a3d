using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orleans.Configuration;
using Orleans.Runtime;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;

namespace Streams.Silo.Membership;

/// <summary>
/// The silos of a cluster, in two tables beside those of streams. Each change is one transaction that raises the cluster's version by one, if it is still the one that was
/// read. A call ends within 2 s: one that the database does not answer throws, and Orleans goes on with what it knows.
/// </summary>
internal sealed class PostgresMembershipTable : IMembershipTable, IAsyncDisposable
{
    /// <summary>How long a call lasts at most. Silos probe each other meanwhile: the database is no part of that.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>A sign of life, a refresh and a change at the same time.</summary>
    private const int Connections = 3;

    private readonly PostgresPool _pool;
    private readonly string _cluster;

    public PostgresMembershipTable(IOptions<StoreOptions> store, IOptions<ClusterOptions> cluster, TimeProvider time)
    {
        PostgresTarget place = new(store.Value.ConnectionString);
        _cluster = cluster.Value.ClusterId;
        _pool = new PostgresPool(() => place.CreatePool("streams membership", Connections, MembershipSql.Session), place.Text, Limit, time);
    }

    /// <summary>The tables are there: the store has made them at its opening.</summary>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => tryInitTableVersion ? Change(MembershipSql.Initialize) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll() => Read(null);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key) => Read(key.ToParsableString());

    /// <inheritdoc/>
    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        if (!Guid.TryParse(tableVersion.VersionEtag, out Guid version))
        {
            return false;
        }

        try
        {
            return await Change(MembershipSql.Insert, [Number(tableVersion.Version), Etag(version), .. MembershipRows.Columns(entry)]) == 1;
        }
        catch (StoreUnavailableException refused) when (refused.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false; // It is there already, and nothing was changed.
        }
    }

    /// <inheritdoc/>
    public async Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        Guid.TryParse(tableVersion.VersionEtag, out Guid version) && Guid.TryParse(etag, out Guid row)
        && await Change(MembershipSql.Update, [Number(tableVersion.Version), Etag(version), .. MembershipRows.Columns(entry), Etag(row)]) == 1;

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) => Run([Command(
        MembershipSql.UpdateAlive, MembershipRows.Text(entry.SiloAddress.ToParsableString()), MembershipRows.Time(entry.IAmAliveTime))]);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Change(MembershipSql.Cleanup, MembershipRows.Time(beforeDate.UtcDateTime));

    /// <inheritdoc/>
    public async Task DeleteMembershipTableEntries(string clusterId)
    {
        if (clusterId != _cluster)
        {
            throw new ArgumentException($"This is the membership of cluster '{_cluster}', and not of '{clusterId}'.", nameof(clusterId));
        }

        await Change(MembershipSql.Delete);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private Task<MembershipTableData> Read(string? address) => _pool.Run(
        async connection =>
        {
            await using NpgsqlBatch batch = new(connection) { BatchCommands = { Command(MembershipSql.Read, MembershipRows.Text(address)) } };
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(CancellationToken.None);
            return await MembershipRows.Read(reader);
        },
        CancellationToken.None);

    /// <summary>One change, after those that began before it.</summary>
    /// <returns>How many rows it concerned.</returns>
    private Task<int> Change(string sql, params IReadOnlyList<NpgsqlParameter> parameters) => Run([Command(MembershipSql.Lock), Command(sql, parameters)]);

    /// <summary>One transaction: what is sent together without one of its own is one.</summary>
    /// <returns>How many rows the last statement concerned.</returns>
    private Task<int> Run(IReadOnlyList<NpgsqlBatchCommand> commands) => _pool.Run(
        async connection =>
        {
            await using NpgsqlBatch batch = new(connection);
            foreach (NpgsqlBatchCommand command in commands)
            {
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(CancellationToken.None);
            return commands[^1].RecordsAffected;
        },
        CancellationToken.None);

    private NpgsqlBatchCommand Command(string sql, params IReadOnlyList<NpgsqlParameter> parameters)
    {
        NpgsqlBatchCommand command = new(sql);
        command.Parameters.Add(MembershipRows.Text(_cluster));
        foreach (NpgsqlParameter parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<int> Number(int value) => new() { NpgsqlDbType = NpgsqlDbType.Integer, TypedValue = value };

    private static NpgsqlParameter<Guid> Etag(Guid value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, TypedValue = value };
}

using Npgsql;
using NpgsqlTypes;
using Orleans.Runtime;

namespace Streams.Silo.Membership;

/// <summary>Rows of the membership table as Orleans' entries, and back. Pure.</summary>
internal static class MembershipRows
{
    /// <summary>What <see cref="MembershipSql.Read"/> found.</summary>
    public static async Task<MembershipTableData> Read(NpgsqlDataReader reader)
    {
        // A cluster that was deleted has no version, and nothing can be changed by its etag.
        TableVersion version = new(0, "");
        List<Tuple<MembershipEntry, string>> silos = [];
        while (await reader.ReadAsync(CancellationToken.None))
        {
            version = new TableVersion(reader.GetInt32(0), reader.GetGuid(1).ToString());
            if (!await reader.IsDBNullAsync(2, CancellationToken.None))
            {
                silos.Add(Tuple.Create(ReadEntry(reader), reader.GetGuid(3).ToString()));
            }
        }

        return new MembershipTableData(silos, version);
    }

    /// <summary>The columns of a silo, $4 to $12 of <see cref="MembershipSql.Insert"/> and <see cref="MembershipSql.Update"/>.</summary>
    public static IEnumerable<NpgsqlParameter> Columns(MembershipEntry entry)
    {
        List<Tuple<SiloAddress, DateTime>> votes = entry.SuspectTimes ?? [];
        return
        [
            Text(entry.SiloAddress.ToParsableString()),
            Text(entry.SiloName ?? ""),
            Text(entry.HostName ?? ""),
            new NpgsqlParameter<short> { NpgsqlDbType = NpgsqlDbType.Smallint, TypedValue = (short)entry.Status },
            new NpgsqlParameter<int> { NpgsqlDbType = NpgsqlDbType.Integer, TypedValue = entry.ProxyPort },
            Time(entry.StartTime),
            Time(entry.IAmAliveTime),
            new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = [.. votes.Select(static vote => vote.Item1.ToParsableString())] },
            new NpgsqlParameter<DateTime[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, TypedValue = [.. votes.Select(static vote => Utc(vote.Item2))] },
        ];
    }

    /// <summary>A text.</summary>
    public static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    /// <summary>A time of UTC, as Orleans has them without saying so.</summary>
    public static NpgsqlParameter Time(DateTime value) => new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = Utc(value) };

    private static MembershipEntry ReadEntry(NpgsqlDataReader reader) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(reader.GetString(2)),
        SiloName = reader.GetString(4),
        HostName = reader.GetString(5),
        Status = (SiloStatus)reader.GetInt16(6),
        ProxyPort = reader.GetInt32(7),
        StartTime = reader.GetDateTime(8),
        IAmAliveTime = reader.GetDateTime(9),
        SuspectTimes = [.. reader.GetFieldValue<string[]>(10).Zip(reader.GetFieldValue<DateTime[]>(11), static (by, at) => Tuple.Create(SiloAddress.FromParsableString(by), at))],
    };

    private static DateTime Utc(DateTime value) => DateTime.SpecifyKind(value, DateTimeKind.Utc);
}

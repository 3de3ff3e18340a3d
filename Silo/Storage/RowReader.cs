using System.Data.Common;

namespace Streams.Silo.Storage;

/// <summary>Reads the rows that both stores select, with the columns in the order given here.</summary>
internal static class RowReader
{
    /// <summary>The columns for <see cref="ReadRow"/>.</summary>
    public const string RowColumns = "version, phase, since, generation, live, kept, profile, state, checksum, node";

    /// <summary>The columns for <see cref="ReadEntry"/>.</summary>
    public const string EntryColumns = $"stream_id, phase, since, generation, live, kept, profile, kept AND state LIKE '{StateJson.HeldPattern}', node";

    /// <summary>Reads a stream's row.</summary>
    public static StreamRow ReadRow(StreamId id, DbDataReader row) => new()
    {
        StreamId = id,
        Version = row.GetInt64(0),
        Phase = (StreamPhase)row.GetInt16(1),
        SinceTicks = row.GetInt64(2),
        Generation = row.GetInt64(3),
        IsLive = row.GetBoolean(4),
        IsKept = row.GetBoolean(5),
        Profile = row.IsDBNull(6) ? null : row.GetString(6),
        Json = row.GetString(7),
        Checksum = row.GetInt64(8),
        Node = row.IsDBNull(9) ? null : row.GetString(9),
    };

    /// <summary>Reads a stream's line of the list; null for a row whose id is damaged, so that a damaged row never breaks the list.</summary>
    public static StreamEntry? ReadEntry(DbDataReader row) => !StreamId.TryParse(row.GetString(0), out StreamId id)
        ? null
        : new(id, (StreamPhase)row.GetInt16(1), new DateTimeOffset(Math.Clamp(row.GetInt64(2), 0, DateTime.MaxValue.Ticks), TimeSpan.Zero), row.GetInt64(3))
        {
            IsLive = row.GetBoolean(4),
            IsKept = row.GetBoolean(5),
            Profile = row.IsDBNull(6) ? null : row.GetString(6),
            IsHeld = row.GetBoolean(7),
            Node = row.IsDBNull(8) ? null : row.GetString(8),
        };

    /// <summary>Reads the number of streams in a phase.</summary>
    public static PhaseCount ReadCount(DbDataReader row) => new((StreamPhase)row.GetInt16(0), row.GetInt64(1));
}

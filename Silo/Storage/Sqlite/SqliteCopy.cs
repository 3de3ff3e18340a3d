using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>A verified copy of the database in a single file, and the result of verifying it.</summary>
/// <param name="Streams">The number of streams.</param>
/// <param name="Damaged">The ids of streams whose row is damaged.</param>
internal sealed record SqliteCopy(long Streams, ImmutableArray<string> Damaged)
{
    private const int MaxNamed = 10;

    /// <summary>The damaged streams for a message: the first ones by id, the others as a number.</summary>
    public string DamagedText => string.Join(", ", Damaged.Take(MaxNamed)) + (Damaged.Length > MaxNamed ? $" and {Damaged.Length - MaxNamed} more" : "");

    /// <summary>Copies a consistent snapshot of a database, even while it is written, and verifies the copy.</summary>
    /// <param name="from">The database, with its log.</param>
    /// <param name="to">The copy, a single file without a log.</param>
    /// <exception cref="SqliteException">The database cannot be read, or the copy cannot be written.</exception>
    /// <exception cref="IOException">The database is damaged, of another program, or newer than this program; the message is a clause.</exception>
    public static SqliteCopy Make(string from, string to)
    {
        FileStreamOptions create = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(to, create).Dispose();
        using SqliteConnection source = SqliteSchema.OpenReadOnly(from);
        using SqliteConnection copy = SqliteSchema.OpenReadWrite(to);
        source.BackupDatabase(copy);
        SqliteSchema.Execute(copy, "PRAGMA journal_mode = DELETE"); // The copy includes the log's content, so a single file is enough.
        return Check(copy);
    }

    /// <summary>Deletes a copy, with any file that SQLite has created beside it.</summary>
    public static void Remove(string file)
    {
        foreach (string suffix in (string[])["", "-journal", "-wal", "-shm"])
        {
            File.Delete(file + suffix);
        }
    }

    private static SqliteCopy Check(SqliteConnection copy)
    {
        if (SqliteSchema.FindDamage(copy) is { } damage)
        {
            throw new IOException($"it is damaged ({damage})");
        }

        long version = Convert.ToInt64(SqliteSchema.Scalar(copy, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        bool isOurs = SqliteSchema.Scalar(copy, $"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{(version == 1 ? "state" : "streams")}'") is not null;
        return (version, isOurs) switch
        {
            ( > SqliteSchema.Version, true) => throw new IOException($"it is of version {version}, and this program knows up to {SqliteSchema.Version}"),
            ( > 1, true) => CheckRows(copy, version),
            (1, true) => new SqliteCopy(Convert.ToInt64(SqliteSchema.Scalar(copy, "SELECT COUNT(*) FROM state WHERE key LIKE 'stream/%'"), CultureInfo.InvariantCulture), []),
            _ => throw new IOException("it is a database of another program"),
        };
    }

    /// <summary>The column after those of <see cref="RowReader.RowColumns"/>.</summary>
    private const int IdColumn = 10;

    private static SqliteCopy CheckRows(SqliteConnection copy, long version)
    {
        using SqliteCommand command = copy.CreateCommand();
        string columns = version < 3 ? RowReader.RowColumns.Replace(", node", ", NULL", StringComparison.Ordinal) : RowReader.RowColumns;
        command.CommandText = $"SELECT {columns}, stream_id FROM streams";
        using SqliteDataReader rows = command.ExecuteReader();
        ImmutableArray<string>.Builder damaged = ImmutableArray.CreateBuilder<string>();
        long streams = 0;
        while (rows.Read())
        {
            streams++;
            if (!IsWhole(rows))
            {
                damaged.Add(VisibleText.Of(rows.GetValue(IdColumn).ToString() ?? ""));
            }
        }

        return new SqliteCopy(streams, damaged.DrainToImmutable());
    }

    private static bool IsWhole(SqliteDataReader row)
    {
        try
        {
            StreamRows.Read(RowReader.ReadRow(StreamId.Parse(row.GetString(IdColumn)), row));
            return true;
        }
        catch (Exception unreadable) when (unreadable is StreamDamagedException or FormatException or InvalidCastException or InvalidOperationException)
        {
            return false;
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>A copy of the database in one file of its own, and what was found when all of it was looked through.</summary>
/// <param name="Streams">How many streams it has.</param>
/// <param name="Damaged">Those whose row is damaged.</param>
internal sealed record SqliteCopy(long Streams, ImmutableArray<string> Damaged)
{
    private const int MaxNamed = 10;

    /// <summary>The damaged ones for a message: the first by their names.</summary>
    public string DamagedText => string.Join(", ", Damaged.Take(MaxNamed)) + (Damaged.Length > MaxNamed ? $" and {Damaged.Length - MaxNamed} more" : "");

    /// <summary>Copies a database as it is at one moment, whoever writes it meanwhile, and looks through the copy.</summary>
    /// <param name="from">The database; its log beside it counts.</param>
    /// <param name="to">The copy, which needs no log.</param>
    /// <exception cref="SqliteException">It cannot be read, or the copy not written.</exception>
    /// <exception cref="IOException">It is damaged, none of ours, or of a newer version; the message is a clause.</exception>
    public static SqliteCopy Make(string from, string to)
    {
        FileStreamOptions create = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(to, create).Dispose();
        using SqliteConnection source = SqliteSchema.OpenToRead(from);
        using SqliteConnection copy = SqliteSchema.OpenToWrite(to);
        source.BackupDatabase(copy);
        SqliteSchema.Execute(copy, "PRAGMA journal_mode = DELETE"); // It has what the log had: one file is all.
        return Check(copy);
    }

    /// <summary>Removes a copy that is not wanted, with what SQLite may have put beside it.</summary>
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

        long version = Convert.ToInt64(SqliteSchema.Ask(copy, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        bool isOurs = SqliteSchema.Ask(copy, $"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{(version == 1 ? "state" : "streams")}'") is not null;
        return (version, isOurs) switch
        {
            ( > SqliteSchema.Version, true) => throw new IOException($"it is of version {version}, and this program knows up to {SqliteSchema.Version}"),
            ( > 1, true) => CheckRows(copy),
            (1, true) => new SqliteCopy(Convert.ToInt64(SqliteSchema.Ask(copy, "SELECT COUNT(*) FROM state WHERE key LIKE 'stream/%'"), CultureInfo.InvariantCulture), []),
            _ => throw new IOException("it is a database of another program"),
        };
    }

    private static SqliteCopy CheckRows(SqliteConnection copy)
    {
        using SqliteCommand command = copy.CreateCommand();
        command.CommandText = $"SELECT {RowReader.RowColumns}, stream_id FROM streams";
        using SqliteDataReader rows = command.ExecuteReader();
        ImmutableArray<string>.Builder damaged = ImmutableArray.CreateBuilder<string>();
        long streams = 0;
        while (rows.Read())
        {
            streams++;
            if (!IsWhole(rows))
            {
                damaged.Add(VisibleText.Of(rows.GetValue(9).ToString() ?? ""));
            }
        }

        return new SqliteCopy(streams, damaged.DrainToImmutable());
    }

    private static bool IsWhole(SqliteDataReader row)
    {
        try
        {
            StreamRows.Read(RowReader.ReadRow(StreamId.Parse(row.GetString(9)), row));
            return true;
        }
        catch (Exception unreadable) when (unreadable is StreamDamagedException or FormatException or InvalidCastException or InvalidOperationException)
        {
            return false;
        }
    }
}

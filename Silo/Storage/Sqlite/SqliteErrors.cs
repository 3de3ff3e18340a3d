using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Describes failures of SQLite and its file, with SQLite's own reason and the remedy.</summary>
internal static class SqliteErrors
{
    /// <summary>SQLite's code for a damaged file.</summary>
    public const int Corrupt = 11;

    /// <summary>SQLite's code for a full disk.</summary>
    public const int Full = 13;

    /// <summary>SQLite's code for a file that is not a database.</summary>
    public const int NoDatabase = 26;

    public const int Busy = 5;
    public const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Io = 10;
    private const int CannotOpen = 14;

    /// <summary>Converts a failure to the exception that the store's callers receive.</summary>
    public static StoreUnavailableException Unavailable(string file, Exception failure) =>
        failure as StoreUnavailableException ?? new StoreUnavailableException($"The store {file} cannot be used: {Reason(failure)}.", failure);

    /// <summary>The reason, without a full stop.</summary>
    public static string Reason(Exception failure) => failure is not SqliteException sqlite ? failure.Message.TrimEnd('.') : sqlite.SqliteErrorCode switch
    {
        Full => "its disk is full; free space, and it goes on by itself",
        ReadOnly => "it is read-only; make the file and its folder writable",
        Busy or Locked => "another process has it locked; end what uses the file beside the silo",
        Io => $"the disk fails ({sqlite.Message.TrimEnd('.')})",
        Corrupt => "it is damaged; stop the silo and restore a backup (make restore), or move the file away",
        NoDatabase => "it is no database; stop the silo and restore a backup (make restore), or move the file away",
        CannotOpen => "it cannot be opened; check that its folder exists and is writable",
        _ => sqlite.Message.TrimEnd('.'),
    };
}

using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Checks the database file for damage, as another process would see it: its header each time, and all of it as often as its size allows. A row
/// that is damaged but well-formed is detected by its checksum when it is read. Not thread-safe.
/// </summary>
internal sealed class FileHealth(string file, TimeProvider time) : IDisposable
{
    /// <summary>Pause between full checks, as a multiple of the check's duration: they use at most 1/200 of a processor.</summary>
    private const int PauseFactor = 200;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(3);

    private (FileIdentity Identity, FileStream Stream)? _held;
    private string? _lastProblem;
    private long _nextFullCheck;

    /// <summary>What is wrong with the file, or null.</summary>
    public string? FindProblem()
    {
        try
        {
            if (!HasHeader())
            {
                return $"{file} is damaged: it does not begin with the header of a database; stop the silo and restore a backup (make restore)";
            }

            if (time.GetTimestamp() >= _nextFullCheck)
            {
                long start = time.GetTimestamp();
                _lastProblem = CheckAll();
                TimeSpan pause = time.GetElapsedTime(start) * PauseFactor;
                _nextFullCheck = time.GetTimestamp() + (long)((pause > MinPause ? pause : MinPause).TotalSeconds * time.TimestampFrequency);
            }

            return _lastProblem;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            _nextFullCheck = 0;
            return $"{file}: {SqliteErrors.Reason(failure)}";
        }
    }

    public void Dispose() => _held?.Stream.Dispose();

    private bool HasHeader()
    {
        // Closing any handle of a file releases all POSIX locks that the process has on it, including SQLite's: the next program that opens and closes
        // the database would think it is the last, and delete the log that this one writes. So the file in use is opened only once.
        FileIdentity? now = FileIdentity.Of(file);
        if (_held is { } held && now is { } same && same.IsSameFile(held.Identity))
        {
            return BeginsAsDatabase(held.Stream);
        }

        FileStream opened = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (_held is null && now is { } first)
        {
            _held = (first, opened);
            return BeginsAsDatabase(opened);
        }

        using (opened)
        {
            return BeginsAsDatabase(opened);
        }
    }

    private static bool BeginsAsDatabase(FileStream stream)
    {
        Span<byte> begin = stackalloc byte[16];
        return RandomAccess.Read(stream.SafeFileHandle, begin, 0) == begin.Length && begin.SequenceEqual("SQLite format 3\0"u8);
    }

    private string? CheckAll()
    {
        using SqliteConnection fresh = SqliteSchema.OpenReadOnly(file); // A new connection, since the cache of an open one would hide damage on disk.
        return SqliteSchema.FindDamage(fresh) is { } damage
            ? $"{file} is damaged ({damage}); stop the silo and restore a backup (make restore)"
            : null;
    }
}

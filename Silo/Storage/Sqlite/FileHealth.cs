using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Looks at the file as whoever opens it next would: its beginning each time, and all of it as often as its size allows. For one caller at
/// a time. A row that is damaged but well-formed is told by its checksum when it is read.
/// </summary>
internal sealed class FileHealth(string file, TimeProvider time) : IDisposable
{
    /// <summary>A whole look takes at most this part of a processor.</summary>
    private const int CheckInterval = 200;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(3);

    private (FileIdentity Identity, FileStream Stream)? _held;
    private string? _lastProblem;
    private long _nextWhole;

    /// <summary>What is wrong with it, or null.</summary>
    public string? FindProblem()
    {
        try
        {
            if (!HasHeader())
            {
                return $"{file} is damaged: it does not begin as a database does; stop the silo and restore a backup (make restore)";
            }

            if (time.GetTimestamp() >= _nextWhole)
            {
                long start = time.GetTimestamp();
                _lastProblem = CheckAll();
                TimeSpan rest = time.GetElapsedTime(start) * CheckInterval;
                _nextWhole = time.GetTimestamp() + (long)((rest > ShortestRest ? rest : ShortestRest).TotalSeconds * time.TimestampFrequency);
            }

            return _lastProblem;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            _nextWhole = 0;
            return $"{file}: {SqliteErrors.Reason(failure)}";
        }
    }

    public void Dispose() => _held?.Stream.Dispose();

    private bool HasHeader()
    {
        // Closing any handle of a file ends all locks that its process has on it, SQLite's too: the next program that looks into the database and
        // leaves would take itself for the last, and delete the log that this one writes. So the file that is in use is opened once.
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
        using SqliteConnection fresh = SqliteSchema.OpenToRead(file); // What another connection has in memory would hide what the disk has.
        return SqliteSchema.FindDamage(fresh) is { } damage
            ? $"{file} is damaged ({damage}); stop the silo and restore a backup (make restore)"
            : null;
    }
}

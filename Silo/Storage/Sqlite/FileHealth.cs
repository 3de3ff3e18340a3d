using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Looks at the file as whoever opens it next would: its beginning each time, and all of it as often as its size allows. For one caller at
/// a time. A row that is damaged but well-formed is told by its checksum when it is read.
/// </summary>
internal sealed class FileHealth(string file, TimeProvider time)
{
    /// <summary>A whole look takes at most this part of a processor.</summary>
    private const int Rest = 200;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(3);

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
                _lastProblem = LookAtAll();
                TimeSpan rest = time.GetElapsedTime(start) * Rest;
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

    private bool HasHeader()
    {
        Span<byte> begin = stackalloc byte[16];
        using FileStream read = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return read.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && begin.SequenceEqual("SQLite format 3\0"u8);
    }

    private string? LookAtAll()
    {
        using SqliteConnection fresh = SqliteSchema.OpenToRead(file); // What another connection has in memory would hide what the disk has.
        return SqliteSchema.FindDamage(fresh) is { } damage
            ? $"{file} is damaged ({damage}); stop the silo and restore a backup (make restore)"
            : null;
    }
}

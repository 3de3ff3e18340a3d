namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Detects that the open database file or its log was deleted, replaced or truncated. SQLite would go on writing into a deleted file, which can
/// never be read again, so a commit counts only while the paths still lead to the same files. A log that becomes shorter is no problem: another
/// program that opens the database may checkpoint it. Not thread-safe.
/// </summary>
internal sealed class OpenedFiles(string file)
{
    private const int PageSize = 4096;

    private readonly WatchedFile _database = new(file);
    private readonly WatchedFile _log = new(file + "-wal");
    private long _size;
    private bool _isTruncated; // Never reset: the next checkpoint makes the file longer again, with holes.

    /// <summary>What is wrong with the files, or null.</summary>
    public string? FindProblem() => _database.FindProblem() ?? _log.FindProblem() ?? FindTruncation();

    /// <summary>Only VACUUM makes a database shorter, and then its size is still a multiple of the page size.</summary>
    private string? FindTruncation()
    {
        long size = FileIdentity.Of(file)?.Size ?? 0;
        _isTruncated |= size < _size && size % PageSize != 0;
        if (_isTruncated)
        {
            return $"{file} was cut while it was in use; stop the silo and restore a backup (make restore)";
        }

        _size = size;
        return null;
    }

    private sealed class WatchedFile(string path)
    {
        private FileIdentity? _opened;

        public string? FindProblem()
        {
            FileIdentity? now = FileIdentity.Of(path);
            _opened ??= now;
            if (now is not { } found || _opened is not { } opened)
            {
                return $"{path} was deleted while it was in use; put it back, or restart the silo, which then uses what is there";
            }

            if (!found.IsSameFile(opened))
            {
                return $"{path} was replaced while it was in use; put the former file back, or restart the silo, which then uses the new one";
            }

            return null;
        }
    }
}

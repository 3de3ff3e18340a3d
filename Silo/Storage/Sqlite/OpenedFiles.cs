namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// The database file and its log as they were opened. SQLite goes on writing into a file that was deleted or replaced under it, and nobody
/// would ever read that again: what was committed counts only while the paths still lead to the same files, and the database has all of its
/// pages that are not in the log. A log that becomes shorter is well: whoever else opens the database may move it into the file.
/// For one caller at a time.
/// </summary>
internal sealed class OpenedFiles(string file)
{
    private const int PageSize = 4096;

    private readonly Seen _database = new(file);
    private readonly Seen _log = new(file + "-wal");
    private long _size;
    private bool _isCut; // For good: what is moved from the log into the file makes it longer again, with holes.

    /// <summary>What is wrong with them, or null.</summary>
    public string? FindProblem() => _database.FindProblem() ?? _log.FindProblem() ?? FindCut();

    /// <summary>Nothing but VACUUM makes a database shorter, and leaves its first page whole.</summary>
    private string? FindCut()
    {
        long size = FileIdentity.Of(file)?.Size ?? 0;
        _isCut |= size < _size && size % PageSize != 0;
        if (_isCut)
        {
            return $"{file} was cut while it was in use; stop the silo and restore a backup (make restore)";
        }

        _size = size;
        return null;
    }

    private sealed class Seen(string path)
    {
        private FileIdentity? _opened;

        public string? FindProblem()
        {
            FileIdentity? now = FileIdentity.Of(path);
            _opened ??= now;
            if (now is not { } found || _opened is not { } opened)
            {
                return $"{path} was deleted while it was in use; put it back, or restart the silo, which then begins with what is there";
            }

            if (!found.IsSameFile(opened))
            {
                return $"{path} was replaced while it was in use; put the former file back, or restart the silo, which then uses the new one";
            }

            return null;
        }
    }
}

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// The database file and its log as they were opened. SQLite goes on writing into a file that was deleted or replaced under it, and nobody
/// would ever read that again: what was committed counts only while the paths still lead to the same files, and those have not shrunk.
/// For one caller at a time.
/// </summary>
internal sealed class OpenedFiles(string file)
{
    private readonly Seen _database = new(file);
    private readonly Seen _log = new(file + "-wal");

    /// <summary>What is wrong with them, or null.</summary>
    public string? FindProblem() => _database.FindProblem() ?? _log.FindProblem();

    private sealed class Seen(string path)
    {
        private FileIdentity? _opened;
        private long _size;

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

            if (found.Size < _size)
            {
                return $"{path} was cut from {_size} to {found.Size} bytes while it was in use; stop the silo and restore a backup (make restore)";
            }

            _size = found.Size;
            return null;
        }
    }
}

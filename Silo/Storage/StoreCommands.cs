using Streams.Silo.Storage.Sqlite;

namespace Streams.Silo.Storage;

/// <summary>Commands that run instead of a silo: <c>Streams.Silo backup FILE</c> and <c>Streams.Silo restore FILE</c>.</summary>
internal static class StoreCommands
{
    private const string Backup = "backup";
    private const string Restore = "restore";

    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>The exit code: 0 for success; null when the arguments name no command, and a silo should run.</returns>
    public static int? Run(string[] arguments)
    {
        if (arguments is not [Backup or Restore, ..])
        {
            return null;
        }

        try
        {
            Console.WriteLine(Do(arguments, WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }).Configuration));
            return 0;
        }
        catch (Exception refused) when (refused is StoreCommandException or StorageUnusableException)
        {
            Console.Error.WriteLine(refused.Message);
            return 1;
        }
    }

    private static string Do(string[] arguments, ConfigurationManager configuration)
    {
        string command = arguments[0];
        if (arguments is not [_, { Length: > 0 } file])
        {
            throw new StoreCommandException($"Usage: Streams.Silo {command} FILE");
        }

        if (string.Equals(configuration[$"{StoreOptions.Section}:{nameof(StoreOptions.Kind)}"], nameof(StoreKind.Postgres), StringComparison.OrdinalIgnoreCase))
        {
            throw new StoreCommandException($"The store is PostgreSQL (STREAMS_STORE), which has its own tools. Use make {command} FILE=..., which runs pg_dump and pg_restore.");
        }

        DataOptions data = configuration.GetSection(DataOptions.Section).Get<DataOptions>() ?? new();
        return command == Backup
            ? SqliteBackup.Write(data.DatabaseFile, Path.GetFullPath(file))
            : SqliteRestore.Read(Path.GetFullPath(file), data.DatabaseFile, TimeProvider.System);
    }
}

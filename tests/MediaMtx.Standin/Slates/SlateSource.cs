using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Slates;

/// <summary>Makes the slate of a path.</summary>
internal static class SlateSource
{
    private const int GoPanic = 2;

    /// <summary>The slate of a path with <c>alwaysAvailable</c>.</summary>
    /// <exception cref="ConfigException">Its file cannot be used.</exception>
    public static Slate Make(PathConfig path)
    {
        try
        {
            return path.AlwaysAvailableFile.Length > 0 ? SlateFile.Read(path.AlwaysAvailableFile) : SlateTracks.Make(path.AlwaysAvailableTracks);
        }
        catch (Exception error) when (error is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            string reason = error is FileNotFoundException or DirectoryNotFoundException
                ? $"open {path.AlwaysAvailableFile}: no such file or directory"
                : error.Message;
            throw new ConfigException($"invalid 'alwaysAvailableFile': {reason}");
        }
    }

    /// <summary>
    /// The slate of a path whose publisher went. MediaMTX reads the file anew, and panics when that fails: all streams end with it. So
    /// does the stand-in, for a test to see.
    /// </summary>
    public static Slate MakeOrDie(PathConfig path)
    {
        try
        {
            return Make(path);
        }
        catch (ConfigException error)
        {
            Console.Error.WriteLine($"panic: {error.Message}");
            Environment.Exit(GoPanic);
            throw;
        }
    }
}

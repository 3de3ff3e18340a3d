namespace Streams.Silo.Storage;

/// <summary>The silo's data folder. Section <c>Streams:Data</c>.</summary>
public sealed class DataOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Data";

    /// <summary>The folder, created when missing; relative to the working directory. Default <c>.run/data</c>.</summary>
    public string Folder { get; set; } = ".run/data";

    /// <summary>The SQLite database file in the folder.</summary>
    public string DatabaseFile => Path.Combine(Path.GetFullPath(Folder), "streams.db");

    /// <summary>The folder of the slates, where the media server is not given another.</summary>
    public string SlateFolder => Path.Combine(Path.GetFullPath(Folder), "slates");

    /// <summary>The folder for the keys of browser sessions of a silo that is in no cluster.</summary>
    public string KeyFolder => Path.Combine(Path.GetFullPath(Folder), "keys");
}

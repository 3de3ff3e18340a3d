namespace Streams.Silo.Storage;

/// <summary>Where the silo keeps its data. Section <c>Streams:Data</c>.</summary>
public sealed class DataOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Data";

    /// <summary>The folder, made when missing; relative to the working directory. Default <c>.run/data</c>.</summary>
    public string Folder { get; set; } = ".run/data";

    /// <summary>The database file in it.</summary>
    public string DatabaseFile => Path.Combine(Path.GetFullPath(Folder), "streams.db");

    /// <summary>The folder in it for the keys of sessions.</summary>
    public string KeyFolder => Path.Combine(Path.GetFullPath(Folder), "keys");
}

namespace Streams.Silo.Storage;

/// <summary>The silo's store. Section <c>Streams:Store</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Store";

    /// <summary>The kind of store. Default <see cref="StoreKind.Sqlite"/>, which requires nothing besides the silo.</summary>
    public StoreKind Kind { get; set; }

    /// <summary>
    /// PostgreSQL's connection string in Npgsql's format, for example <c>Host=db;Database=streams;Username=streams;Password=...</c>. Only with
    /// <see cref="StoreKind.Postgres"/>.
    /// </summary>
    public string ConnectionString { get; set; } = "";
}

/// <summary>The kinds of store.</summary>
public enum StoreKind
{
    /// <summary>One file in the data folder.</summary>
    Sqlite,

    /// <summary>A database of PostgreSQL 15 or later.</summary>
    Postgres,
}

namespace Streams.Silo.Storage;

/// <summary>Which store the silo uses. Section <c>Streams:Store</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Store";

    /// <summary>The store. Default <see cref="StoreKind.Sqlite"/>, which needs nothing beside the silo.</summary>
    public StoreKind Kind { get; set; }

    /// <summary>
    /// Where PostgreSQL is, as Npgsql takes it, for example <c>Host=db;Database=streams;Username=streams;Password=...</c>. Only with
    /// <see cref="StoreKind.Postgres"/>.
    /// </summary>
    public string ConnectionString { get; set; } = "";
}

/// <summary>The stores that there are.</summary>
public enum StoreKind
{
    /// <summary>One file in the data folder.</summary>
    Sqlite,

    /// <summary>A database of PostgreSQL 15 or later.</summary>
    Postgres,
}

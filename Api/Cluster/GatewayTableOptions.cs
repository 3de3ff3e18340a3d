using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Cluster;

/// <summary>Where the cluster's database is, for an API that runs alone with <see cref="ClusteringKind.Postgres"/>; the silos' own setting, section <c>Streams:Store</c>.</summary>
public sealed class GatewayTableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Store";

    /// <summary>
    /// As Npgsql takes it, for example <c>Host=db;Database=streams;Username=reader;Password=...</c>. The user needs no right but <c>SELECT</c> on <c>membership</c>.
    /// </summary>
    [Required(ErrorMessage = "(STREAMS_STORE_CONNECTION) is missing: with STREAMS_CLUSTERING=postgres it says where the silos' database is, for example Host=db;Database=streams;Username=streams;Password=...")]
    public string ConnectionString { get; set; } = "";
}

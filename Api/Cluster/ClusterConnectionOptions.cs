using System.ComponentModel.DataAnnotations;
using Streams.Api.Configuration;

namespace Streams.Api.Cluster;

/// <summary>Names, addresses and ports of the cluster, for the silo and for an API that runs alone; configuration section <c>Streams:Cluster</c>.</summary>
public sealed class ClusterConnectionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Cluster";

    /// <summary>How silos and an API that runs alone find each other. Default <see cref="ClusteringKind.Localhost"/>: one silo, which needs nothing beside it.</summary>
    public ClusteringKind Clustering { get; set; }

    /// <summary>The IP address of the silo's gateway, for an API that runs alone with <see cref="ClusteringKind.Localhost"/>. Default <c>127.0.0.1</c>.</summary>
    [IpAddress]
    public string GatewayAddress { get; set; } = "127.0.0.1";

    /// <summary>The port of the silo's gateway, 1 to 65535; below 32768, since Linux takes those above for outgoing connections. Default 30000.</summary>
    [Range(1, 65_535, ErrorMessage = "must be a port between 1 and 65535.")]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>The port between silos, which only they read, 1 to 65535; below 32768, since Linux takes those above for outgoing connections. Default 11111.</summary>
    [Range(1, 65_535, ErrorMessage = "must be a port between 1 and 65535.")]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The IP address at which other silos reach this one; only with <see cref="ClusteringKind.Postgres"/>, which needs it.</summary>
    public string Address { get; set; } = "";

    /// <summary>The silo's name, as operators see it. Default, with <see cref="ClusteringKind.Postgres"/>, the machine's name and <see cref="SiloPort"/>.</summary>
    [StringLength(100, ErrorMessage = "must have 100 characters at most.")]
    public string Name { get; set; } = "";

    /// <summary>The cluster's id; the same in all its silos. Default <c>streams</c>.</summary>
    [Required(ErrorMessage = "must not be empty.")]
    public string ClusterId { get; set; } = "streams";

    /// <summary>The service's id, which names its stored state. Default <c>streams</c>.</summary>
    [Required(ErrorMessage = "must not be empty.")]
    public string ServiceId { get; set; } = "streams";
}

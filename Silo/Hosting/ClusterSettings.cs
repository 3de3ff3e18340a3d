namespace Streams.Silo.Hosting;

/// <summary>How this silo finds its cluster. Section <c>Streams:Cluster</c>. Alone on this machine by default.</summary>
public sealed class ClusterSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Cluster";

    /// <summary>Name of the cluster. Default <c>streams</c>.</summary>
    public string ClusterId { get; set; } = "streams";

    /// <summary>Name of the service, under which its state is stored. Default <c>streams</c>.</summary>
    public string ServiceId { get; set; } = "streams";

    /// <summary>Port between silos. Default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients, such as an API that runs alone. Default 30000.</summary>
    public int GatewayPort { get; set; } = 30000;
}

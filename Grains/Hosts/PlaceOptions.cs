using System.ComponentModel.DataAnnotations;

namespace Streams.Grains.Hosts;

/// <summary>Where a silo stands, and how it is drained before it ends. Section <c>Streams:Cluster</c>.</summary>
public sealed class PlaceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Cluster";

    /// <summary>Its zone, for example a data center: a run prefers a silo in the zone of its media server. Default empty: none; up to 64 characters.</summary>
    [StringLength(64, ErrorMessage = "must have 64 characters at most.")]
    public string Zone { get; set; } = "";

    /// <summary>How long a silo that ends waits for its streams to move to other silos; 0 to 1 hour. Default 60 s; 0: they start elsewhere once it has ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "must be 0 to 1 hour.")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(60);
}

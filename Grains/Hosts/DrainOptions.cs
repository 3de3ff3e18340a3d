using System.ComponentModel.DataAnnotations;

namespace Streams.Grains.Hosts;

/// <summary>How a silo is drained before it ends. Section <c>Streams:Cluster</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Cluster";

    /// <summary>How long a silo that ends waits for its streams to move to other silos; 0 to 1 hour. Default 60 s; 0: they start elsewhere once it has ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "must be 0 to 1 hour.")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(60);
}

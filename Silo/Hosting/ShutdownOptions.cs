using System.ComponentModel.DataAnnotations;

namespace Streams.Silo.Hosting;

/// <summary>The time that the silo has for its shutdown. Section <c>Streams:Shutdown</c>.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Shutdown";

    /// <summary>Seconds after which the silo is killed when it has been asked to end and, if it is one of several, its drain is over (<c>Streams:Cluster:DrainTimeout</c>); 0 to 3600. Default 0: no limit is known, and it takes the time that it needs.</summary>
    [Range(0, 3600, ErrorMessage = "must be 0 to 3600 seconds.")]
    public int WithinSeconds { get; set; }
}

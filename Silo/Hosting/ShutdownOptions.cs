using System.ComponentModel.DataAnnotations;

namespace Streams.Silo.Hosting;

/// <summary>How long whoever stops the silo waits for its end. Section <c>Streams:Shutdown</c>.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Shutdown";

    /// <summary>The silo is killed so many seconds after it was told to end; 0 to 3600. Default 0: nobody says, and it takes the time that it needs.</summary>
    [Range(0, 3600, ErrorMessage = "must be 0 to 3600 seconds.")]
    public int WithinSeconds { get; set; }
}

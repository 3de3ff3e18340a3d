using System.ComponentModel.DataAnnotations;

namespace Streams.Grains.Store;

/// <summary>How many offline streams are kept. Section <c>Streams:Catalog</c>.</summary>
public sealed class KnownStreamsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Catalog";

    /// <summary>
    /// How many offline streams are kept with their history. Above that, those that have been offline longest are removed, but never a stream
    /// that an operator has stopped or chosen a profile for. Default 10,000; 10 to 1,000,000.
    /// </summary>
    [Range(10, 1_000_000, ErrorMessage = "Streams:Catalog:MaxOffline must be 10 to 1000000")]
    public int MaxOffline { get; set; } = 10_000;
}

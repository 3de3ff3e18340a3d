using System.ComponentModel.DataAnnotations;

namespace Streams.Grains.Store;

/// <summary>How many streams are remembered. Section <c>Streams:Catalog</c>.</summary>
public sealed class KnownStreamsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Catalog";

    /// <summary>
    /// How many streams that are offline are remembered with their history; those that were so for longest are forgotten, but never one
    /// that an operator has stopped or chosen a profile for. Default 10,000; 10 to 1,000,000.
    /// </summary>
    [Range(10, 1_000_000, ErrorMessage = "Streams:Catalog:MaxOffline must be 10 to 1000000")]
    public int MaxOffline { get; set; } = 10_000;
}

using System.Diagnostics.Metrics;

namespace Streams.Grains.Telemetry;

/// <summary>The meter to which the instruments of every room belong.</summary>
internal static class StreamsMeter
{
    /// <summary>Its name.</summary>
    public const string Name = "Streams";

    /// <summary>The meter of those that a factory makes; the same one at each call.</summary>
    public static Meter Of(IMeterFactory meters) => meters.Create(Name);

    /// <summary>A tag of a measurement.</summary>
    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

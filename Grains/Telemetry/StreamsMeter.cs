using System.Diagnostics.Metrics;

namespace Streams.Grains.Telemetry;

/// <summary>The meter of all instruments of the grains.</summary>
internal static class StreamsMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Streams";

    /// <summary>The meter from a factory, which returns the same one for each call.</summary>
    public static Meter Of(IMeterFactory meters) => meters.Create(Name);

    /// <summary>Creates a tag of a measurement.</summary>
    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

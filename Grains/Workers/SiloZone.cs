namespace Streams.Grains.Workers;

/// <summary>The zone that this silo stands in.</summary>
/// <param name="Name">Its name; empty for none.</param>
internal sealed record SiloZone(string Name);

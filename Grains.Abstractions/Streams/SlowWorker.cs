namespace Streams;

/// <summary>A worker that is slower than real time: its output falls behind its input.</summary>
/// <param name="Since">When that was first seen.</param>
/// <param name="Speed">Output time for each second of real time, over the last 10 s; 1 is keeping up.</param>
[GenerateSerializer, Immutable, Alias("Streams.SlowWorker")]
public sealed record SlowWorker([property: Id(0)] DateTimeOffset Since, [property: Id(1)] double Speed);

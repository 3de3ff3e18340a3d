namespace Streams;

/// <summary>A worker that is slower than real time: its output falls behind its input.</summary>
/// <param name="Since">When this was first observed.</param>
/// <param name="Speed">Seconds of output per second of real time, over the last 10 s; 1 keeps up.</param>
[GenerateSerializer, Immutable, Alias("Streams.SlowWorker")]
public sealed record SlowWorker([property: Id(0)] DateTimeOffset Since, [property: Id(1)] double Speed);

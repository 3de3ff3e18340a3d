using System.Collections.Immutable;

namespace Streams;

/// <summary>Publishers that repeatedly take over a stream's input from each other.</summary>
/// <param name="Takeovers">The number of takeovers in the last 30 s; at least 3.</param>
/// <param name="Addresses">The publishers' addresses; the source id where the address is unknown.</param>
[GenerateSerializer, Immutable, Alias("Streams.InputContest")]
public sealed record InputContest([property: Id(0)] int Takeovers, [property: Id(1)] ImmutableArray<string> Addresses);

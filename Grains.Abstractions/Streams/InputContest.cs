using System.Collections.Immutable;

namespace Streams;

/// <summary>Publishers that take a stream's input over from each other.</summary>
/// <param name="Takeovers">How many takeovers there were in the last 30 s; at least 3.</param>
/// <param name="Addresses">The publishers' addresses, as far as they are known; their source ids otherwise.</param>
[GenerateSerializer, Immutable, Alias("Streams.InputContest")]
public sealed record InputContest([property: Id(0)] int Takeovers, [property: Id(1)] ImmutableArray<string> Addresses);

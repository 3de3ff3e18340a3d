namespace Streams.Api.Wire;

/// <summary>Publishers that take a stream's input over from each other. Starts of workers are held back until one has kept it for 3 s.</summary>
public sealed record ContestView
{
    /// <summary>How many takeovers there were in the last 30 s; at least 3.</summary>
    public required int Takeovers { get; init; }

    /// <summary>The publishers' addresses and ports, the latest first, at most 4; the source's id where MediaMTX did not tell the address.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    internal static ContestView Of(InputContest contest) => new() { Takeovers = contest.Takeovers, Addresses = contest.Addresses };
}

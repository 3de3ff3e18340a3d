namespace Streams.Api.Wire;

/// <summary>Whether the audience of an output stays connected while no worker publishes it.</summary>
public sealed record ContinuityView
{
    /// <summary>Whether it does.</summary>
    public required ContinuityState State { get; init; }

    /// <summary>Why not, or what happened to it; absent when there is nothing to say.</summary>
    public string? Reason { get; init; }

    internal static ContinuityView Of(StreamContinuity continuity) => new() { State = continuity.State, Reason = continuity.Reason };
}

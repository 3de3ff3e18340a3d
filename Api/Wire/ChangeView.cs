namespace Streams.Api.Wire;

/// <summary>A planned change of the worker.</summary>
public sealed record ChangeView
{
    /// <summary>Why the worker is replaced.</summary>
    public required ChangeCause Cause { get; init; }

    /// <summary>The number of the next run.</summary>
    public required long Generation { get; init; }

    /// <summary>When the change began, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The process of the next run; absent before it exists.</summary>
    public int? WorkerPid { get; init; }

    /// <summary>When the next run, which works already, takes the output over, if it goes on so, UTC; absent for as soon as it works.</summary>
    public DateTimeOffset? TakesOverAt { get; init; }

    internal static ChangeView Of(StreamChange change) =>
        new() { Cause = change.Cause, Generation = change.Generation, Since = change.Since.ToUniversalTime(), WorkerPid = change.WorkerPid, TakesOverAt = change.TakesOverAt?.ToUniversalTime() };
}

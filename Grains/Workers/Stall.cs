namespace Streams.Grains.Workers;

/// <summary>That a worker makes no progress although its input delivers.</summary>
/// <param name="Reason">What is missing and for how long, in words.</param>
/// <param name="Waited">For how long.</param>
/// <param name="Limit">How long that is taken for a pause.</param>
/// <param name="IsQuiet">Whether the worker says nothing either: an encoder that fills its look-ahead looks like this, and uses the processor.</param>
internal sealed record Stall(string Reason, TimeSpan Waited, TimeSpan Limit, bool IsQuiet)
{
    /// <summary>A busy worker may be quiet for so many times the limit.</summary>
    private const int BusyFactor = 4;

    /// <summary>Whether the limit is over.</summary>
    public bool IsOver => Waited >= Limit;

    /// <summary>Whether it is over for good, also for one that is busy.</summary>
    public bool IsOverForAll => !IsQuiet ? IsOver : Waited >= Limit * BusyFactor;
}

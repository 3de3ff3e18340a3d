namespace Streams;

/// <summary>What the audience of a stream's output saw: how often, and for how long, nothing arrived that should have.</summary>
/// <param name="Since">Since when it is counted: the first output of this broadcast.</param>
/// <param name="Interruptions">How often the output was interrupted.</param>
/// <param name="Total">How long all interruptions took together.</param>
/// <param name="Longest">How long the longest took.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamAudience")]
public sealed record StreamAudience(
    [property: Id(0)] DateTimeOffset Since, [property: Id(1)] int Interruptions = 0, [property: Id(2)] TimeSpan Total = default, [property: Id(3)] TimeSpan Longest = default)
{
    /// <summary>Since when the output is interrupted while its input is live; null while it is not.</summary>
    [Id(4)] public DateTimeOffset? AwaySince { get; init; }

    /// <summary>The same with one more interruption.</summary>
    public StreamAudience With(TimeSpan interruption) => this with
    {
        Interruptions = Interruptions + 1,
        Total = Total + interruption,
        Longest = interruption > Longest ? interruption : Longest,
    };
}

namespace Streams;

/// <summary>Who gives an order, and as a part of which trace.</summary>
/// <param name="By">The name of whoever gives it, for the history; null when nobody had to say who they are.</param>
/// <param name="TraceParent">The W3C <c>traceparent</c> that the order belongs to; null for none.</param>
[GenerateSerializer, Immutable, Alias("Streams.CallOrigin")]
public sealed record CallOrigin([property: Id(0)] string? By, [property: Id(1)] string? TraceParent)
{
    /// <summary>An order of which nothing is known.</summary>
    public static CallOrigin Unknown { get; } = new(null, null);
}

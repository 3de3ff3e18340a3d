namespace Streams;

/// <summary>The caller of a command, and the trace that it belongs to.</summary>
/// <param name="By">The caller's name, for the history; null when callers need not authenticate.</param>
/// <param name="TraceParent">The W3C <c>traceparent</c> of the command; null for none.</param>
[GenerateSerializer, Immutable, Alias("Streams.CallOrigin")]
public sealed record CallOrigin([property: Id(0)] string? By, [property: Id(1)] string? TraceParent)
{
    /// <summary>The origin of a command whose caller is unknown.</summary>
    public static CallOrigin Unknown { get; } = new(null, null);
}

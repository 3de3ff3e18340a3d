using System.Globalization;

namespace Streams.Verify.Audience;

/// <summary>What one change did to the audience.</summary>
/// <param name="Fault">What happened.</param>
/// <param name="Input">What was published.</param>
/// <param name="Limit">The longest time without a picture that is allowed.</param>
/// <param name="Readers">What it did to each reader.</param>
/// <param name="Failure">Why it could not be measured; null when it was.</param>
internal sealed record FaultResult(string Fault, AudienceInput Input, TimeSpan Limit, IReadOnlyList<ReaderVerdict> Readers, string? Failure = null)
{
    /// <summary>How many readers were lost.</summary>
    public int Lost => Readers.Count(static reader => reader.IsLost);

    /// <summary>Whether all readers saw no more of it than they may.</summary>
    public bool IsMet => Failure is null && Readers.Count > 0 && Readers.All(reader => reader.IsMet(Limit));

    /// <summary>What was measured, in a few words.</summary>
    public string Measured => Failure is { } why ? $"not measured: {why}" : string.Create(
        CultureInfo.InvariantCulture, $"{Lost} of {Readers.Count} lost; gap {string.Join("; ", Readers)} (at most {Limit.TotalSeconds:0.0} s)");

    public override string ToString() => $"{Fault}, {Input}";
}

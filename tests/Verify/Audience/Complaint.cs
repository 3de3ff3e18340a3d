using System.Text.RegularExpressions;

namespace Streams.Verify.Audience;

/// <summary>A line that a reader's program wrote.</summary>
/// <param name="At">When, by the measurement's clock.</param>
/// <param name="Text">The line.</param>
/// <param name="Back">By how much a time stamp was before the one before it, where the line tells.</param>
internal readonly partial record struct Complaint(TimeSpan At, string Text, TimeSpan? Back = null)
{
    /// <summary>Whether the decoder has met something that it could not decode, or had to make up for.</summary>
    public bool IsDamage => DecoderLine().IsMatch(Text) && !IsStepBack;

    /// <summary>Whether it tells of a time stamp before the one before it.</summary>
    public bool IsStepBack => StepBack().IsMatch(Text);

    [GeneratedRegex(@"^\[(h264|aac|vist#\S+|aist#\S+|dec:\S+)[^\]]*\]( \[[^\]]+\])* \[(error|warning)\]", RegexOptions.CultureInvariant)]
    private static partial Regex DecoderLine();

    [GeneratedRegex(@"[Nn]on.?monoton|Queue input is backward|DTS .* < .*out of order", RegexOptions.CultureInvariant)]
    private static partial Regex StepBack();
}

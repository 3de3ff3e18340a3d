using MediaMtx.Standin.Http;

namespace MediaMtx.Standin.Faults;

/// <summary>What is wrong with one answer of the Control API.</summary>
/// <param name="IsDown">The connection is closed without an answer.</param>
/// <param name="Delay">The answer comes this much later.</param>
/// <param name="Paths">The paths to list in place of the real ones; null for the real ones.</param>
/// <param name="Hidden">A path that is not listed; null for none.</param>
/// <param name="PageSize">The most items of a page; 0 for what the client asked for.</param>
internal sealed record ApiFault(bool IsDown, TimeSpan Delay, IReadOnlyList<ApiPath>? Paths, string? Hidden, int PageSize)
{
    public static readonly ApiFault None = new(false, TimeSpan.Zero, null, null, 0);
}

using Streams.Grains.Continuity;

namespace Streams.Grains.Workers;

/// <summary>
/// Whether a fallback can write what its profile writes to kept outputs, as far as the configuration tells: where it cannot, all readers would have to connect anew when it takes the profile's
/// place, and again when the profile returns. Pure.
/// </summary>
internal static class FallbackTracks
{
    /// <summary>What is wrong, and what to do about it; none for outputs that are not kept.</summary>
    /// <param name="name">The profile's name.</param>
    /// <param name="profile">The profile, which has a fallback.</param>
    /// <param name="fallback">The fallback.</param>
    /// <param name="mode">Whether outputs are kept of profiles that do not say so.</param>
    public static IEnumerable<string> FindProblems(string name, WorkerProfile profile, WorkerProfile fallback, ContinuityMode mode)
    {
        if ((profile.Continuity ?? mode) == ContinuityMode.Off || !profile.Outputs.Any(static output => output.Kept))
        {
            return [];
        }

        string off = $"or set Profiles:{name}:{nameof(profile.Continuity)} to Off";
        return (fallback.Continuity ?? mode) == ContinuityMode.Off
            ? [$"names '{profile.Fallback}', whose outputs are not kept, while those of '{name}' are: its readers would be disconnected. Leave {nameof(profile.Continuity)} of '{profile.Fallback}' as it is for '{name}', {off}"]
            : profile.Outputs.Index()
                .Where(static output => output.Item is { Kept: true, MakesSoundAsAsked: false })
                .Select(output => (output.Index, Difference: FindDifference(output.Item, fallback)))
                .Where(static output => output.Difference is not null)
                .Select(output => $"names '{profile.Fallback}', which cannot write what Outputs:{output.Index} of '{name}' does: {output.Difference}. Readers would have to connect anew at each change between them. "
                    + $"Give '{profile.Fallback}' an output with {nameof(WorkerOutput.Kept)} that carries the same codecs, with the same {nameof(WorkerOutput.Writes)} or, if only the sound differs, "
                    + $"with {{{PlaceholderValues.AudioRate}}} and {{{PlaceholderValues.AudioChannels}}} among its {nameof(WorkerOutput.Arguments)} (docs/workers.md); {off}");
    }

    /// <summary>How the output of the fallback that comes nearest to one differs from it; null when one does not.</summary>
    private static string? FindDifference(WorkerOutput output, WorkerProfile fallback)
    {
        string[][] differences = [.. fallback.Outputs.Where(static other => other.Kept).Select(other => ListDifferences(output, other).ToArray())];
        return differences.MinBy(static listed => listed.Length) is not { } nearest ? "it has no output with Kept" : nearest.Length == 0 ? null : string.Join(", ", nearest);
    }

    private static IEnumerable<string> ListDifferences(WorkerOutput output, WorkerOutput other)
    {
        string[] missing = [.. Missing(output.Video, other.Video), .. Missing(output.Audio, other.Audio)];
        if (missing.Length > 0)
        {
            yield return $"it does not carry {string.Join(", ", missing)}";
        }

        foreach ((string field, object? one, object? its, bool isAsAsked) in Compare(output.Writes, other.Writes, other.MakesSoundAsAsked))
        {
            if (!isAsAsked && !Equals(one, its))
            {
                yield return $"{field} is {Name(its)} instead of {Name(one)}";
            }
        }
    }

    private static IEnumerable<(string Field, object? One, object? Its, bool IsAsAsked)> Compare(WrittenTracks one, WrittenTracks its, bool isSoundAsAsked) =>
    [
        (nameof(one.Profile), one.Profile, its.Profile, false),
        (nameof(one.Width), one.Width, its.Width, false),
        (nameof(one.Height), one.Height, its.Height, false),
        (nameof(one.SampleRate), one.SampleRate, its.SampleRate, isSoundAsAsked),
        (nameof(one.Channels), one.Channels, its.Channels, isSoundAsAsked),
    ];

    /// <summary>The codecs that an output carries and another does not; <c>*</c> is carried by <c>*</c> alone.</summary>
    private static IEnumerable<string> Missing(List<string> codecs, List<string> others) =>
        others.Contains(TrackCodecs.Any) ? [] : codecs.Except(others).Select(static codec => codec == TrackCodecs.Any ? "any codec (*)" : codec);

    private static string Name(object? value) => value is null ? "the input's" : FormattableString.Invariant($"{value}");
}

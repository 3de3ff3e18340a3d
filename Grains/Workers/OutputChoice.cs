using System.Collections.Immutable;

namespace Streams.Grains.Workers;

/// <summary>Chooses how a profile writes the tracks that an input has. Pure.</summary>
internal static class OutputChoice
{
    /// <summary>The first output, of those that are not kept, that carries all tracks; null when none does. Without known tracks, the first of all.</summary>
    /// <param name="profile">The profile; it has outputs.</param>
    /// <param name="tracks">The tracks by codec; empty when they are unknown.</param>
    /// <param name="passed">How many of the outputs that would do were tried in vain; after the last, the first comes again.</param>
    public static WorkerOutput? Find(WorkerProfile profile, ImmutableArray<string> tracks, int passed = 0)
    {
        WorkerOutput[] fitting = [.. ListFitting(profile, tracks, isKept: false)];
        return fitting.Length == 0 ? null : fitting[passed % fitting.Length];
    }

    /// <summary>The outputs that carry all tracks, in the profile's order; all of them without known tracks.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="tracks">The tracks by codec; empty when they are unknown.</param>
    /// <param name="isKept">Whether those for kept outputs are meant, or those for others.</param>
    public static IEnumerable<WorkerOutput> ListFitting(WorkerProfile profile, ImmutableArray<string> tracks, bool isKept)
    {
        ImmutableArray<string> media = TrackCodecs.Media(tracks);
        IEnumerable<WorkerOutput> outputs = profile.Outputs.Where(output => output.Kept == isKept);
        return tracks.Length == 0 ? outputs : media.Length == 0 ? [] : outputs.Where(output => Carries(output, media));
    }

    /// <summary>What of an input a profile cannot carry, in words: the codecs that fit none of its outputs, or their number.</summary>
    public static string Explain(WorkerProfile profile, ImmutableArray<string> tracks)
    {
        ImmutableArray<string> media = TrackCodecs.Media(tracks);
        if (media.Length == 0)
        {
            return $"The input has neither picture nor sound, only {string.Join(", ", tracks)}.";
        }

        string[] unfit = [.. media.Where(codec => !profile.Outputs.Any(output => !output.Kept && Carries(output, [codec]))).Distinct()];
        return unfit.Length > 0
            ? $"The input's {string.Join(" and ", unfit.Select(static codec => $"{TrackCodecs.KindOf(codec)} codec {codec}"))} does not fit into the output"
            : $"The input's {media.Length} tracks ({string.Join(", ", media)}) do not fit together into the output";
    }

    private static bool Carries(WorkerOutput output, ImmutableArray<string> media)
    {
        int audio = media.Count(TrackCodecs.IsAudio);
        return audio <= output.MaxAudio
            && media.Length - audio <= output.MaxVideo
            && media.All(codec => TrackCodecs.IsAudio(codec) ? Has(output.Audio, codec) : Has(output.Video, codec));
    }

    private static bool Has(List<string> codecs, string codec) => codecs.Contains(codec) || codecs.Contains(TrackCodecs.Any);
}

using System.Collections.Immutable;
using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers;

/// <summary>A kept output, and the tracks that it writes for an input.</summary>
/// <param name="Output">The output.</param>
/// <param name="Tracks">The tracks.</param>
internal sealed record KeptPick(WorkerOutput Output, SlateTracks Tracks);

/// <summary>Chooses the kept output that carries an input, for a fallback one that writes what the readers have already. Pure.</summary>
internal static class KeptOutputChoice
{
    /// <summary>The output, or why there is none.</summary>
    /// <param name="profile">The profile that runs.</param>
    /// <param name="input">The tracks of the input.</param>
    /// <param name="wanted">
    /// For a fallback, the tracks of the profile in whose place it runs: the first output that writes them is chosen, a copy before one that makes the sound anew. Where none does, the
    /// first that carries the input. Null when nothing is to be matched.
    /// </param>
    public static (KeptPick? Pick, string? Problem) Find(WorkerProfile profile, ImmutableArray<TrackDetails> input, SlateTracks? wanted = null)
    {
        ImmutableArray<string> codecs = [.. input.Select(static track => track.Codec)];
        if (codecs.Length == 0)
        {
            return (null, "MediaMTX does not tell the input's tracks");
        }

        ImmutableArray<TrackDetails> media = [.. input.Where(static track => TrackCodecs.Media([track.Codec]).Length > 0)];
        (KeptPick? Pick, string? Problem)[] outputs =
        [
            .. OutputChoice.ListFitting(profile, codecs, isKept: true)
                .Where(output => wanted is not null || !output.MakesSoundAsAsked)
                .OrderBy(static output => output.MakesSoundAsAsked)
                .Select(output => Describe(output, media, wanted?.Audio)),
        ];
        return outputs.Length == 0
            ? (null, $"the profile has no output with Kept that carries {string.Join(" and ", codecs)}")
            : wanted is null ? outputs[0]
            : outputs.Where(output => output.Pick?.Tracks == wanted).Concat(outputs.Where(static output => output.Pick is not null)).Append(outputs[0]).First();
    }

    /// <summary>Says why readers connect anew when a fallback takes the place of a profile, and what to do about it; null when its tracks are the same.</summary>
    /// <param name="fallback">The fallback's name.</param>
    /// <param name="written">The tracks that it writes.</param>
    /// <param name="chosen">The profile's name.</param>
    /// <param name="wanted">The tracks that the profile writes.</param>
    public static string? ExplainMismatch(string fallback, SlateTracks written, string chosen, SlateTracks wanted) => written == wanted ? null
        : $"The fallback '{fallback}' writes {written} where '{chosen}' writes {wanted}: readers connect anew at each change between them. Give '{fallback}' "
            + (written.Video == wanted.Video
                ? $"an output with Kept and the placeholders {{{PlaceholderValues.AudioRate}}} and {{{PlaceholderValues.AudioChannels}}}."
                : $"an output with Kept whose Writes are those of '{chosen}'.");

    private static (KeptPick? Pick, string? Problem) Describe(WorkerOutput output, ImmutableArray<TrackDetails> media, SlateAudio? sound)
    {
        (SlateTracks? tracks, string? problem) = KeptTracks.Find(media, output.MakesSoundAsAsked && sound is not null ? output.Writes.With(sound) : output.Writes, TrackCodecs.IsAudio);
        return (tracks is null ? null : new KeptPick(output, tracks), problem);
    }
}

using System.Collections.Immutable;
using Streams.Grains.Continuity.Slates;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Continuity;

/// <summary>Finds the tracks that a worker will write, of which a slate must be made. Pure.</summary>
internal static class KeptTracks
{
    private const string H264 = "H264";
    private const string Aac = "MPEG-4 Audio";
    private static readonly ImmutableArray<int> SampleRates = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000];
    private static readonly ImmutableArray<int> Channels = [1, 2, 3, 4, 5, 6, 8];

    /// <summary>The tracks, or why there is no slate for them.</summary>
    /// <param name="input">The tracks of the input.</param>
    /// <param name="writes">What the worker changes.</param>
    /// <param name="isAudio">Whether a codec is sound.</param>
    public static (SlateTracks? Tracks, string? Problem) Find(ImmutableArray<TrackDetails> input, WrittenTracks writes, Func<string, bool> isAudio)
    {
        TrackDetails[] video = [.. input.Where(track => !isAudio(track.Codec))];
        TrackDetails[] audio = [.. input.Where(track => isAudio(track.Codec))];
        if (video.Length > 1 || audio.Length > 1)
        {
            return (null, $"there is no slate for {video.Length} video and {audio.Length} audio tracks");
        }

        SlateVideo? picture = null;
        SlateAudio? sound = null;
        if (video is [var seen])
        {
            (picture, string? problem) = FindVideo(seen, writes);
            if (picture is null)
            {
                return (null, problem);
            }
        }

        if (audio is [var heard])
        {
            (sound, string? problem) = FindAudio(heard, writes);
            if (sound is null)
            {
                return (null, problem);
            }
        }

        return picture is null && sound is null ? (null, "MediaMTX does not tell the input's tracks") : (new SlateTracks(picture, sound), null);
    }

    private static (SlateVideo? Video, string? Problem) FindVideo(TrackDetails track, WrittenTracks writes)
    {
        if (writes.Profile is null && track.Codec != H264)
        {
            return (null, $"there is no slate for video codec {track.Codec}");
        }

        return (writes.Width ?? track.Width, writes.Height ?? track.Height, writes.Profile ?? track.Profile) is not ({ } width and > 0, { } height and > 0, { } profile)
            ? (null, $"MediaMTX does not tell the size and profile of the input's {track.Codec}")
            : SlateMaker.Profiles.ContainsKey(profile) ? (new SlateVideo(width, height, profile), null) : (null, $"there is no slate for profile '{profile}' of {H264}");
    }

    private static (SlateAudio? Audio, string? Problem) FindAudio(TrackDetails track, WrittenTracks writes)
    {
        if (writes.SampleRate is null && track.Codec != Aac)
        {
            return (null, $"there is no slate for audio codec {track.Codec}");
        }

        return (writes.SampleRate ?? track.SampleRate, writes.Channels ?? track.Channels) is not ({ } rate, { } channels)
            ? (null, $"MediaMTX does not tell the sample rate and channels of the input's {track.Codec}")
            : SampleRates.Contains(rate) && Channels.Contains(channels) ? (new SlateAudio(rate, channels), null) : (null, $"there is no slate for AAC of {rate} Hz and {channels} channels");
    }
}

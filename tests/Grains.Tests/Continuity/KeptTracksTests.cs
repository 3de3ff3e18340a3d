using System.Collections.Immutable;
using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class KeptTracksTests
{
    private static readonly TrackDetails H264 = new("H264") { Width = 640, Height = 360, Profile = "High" };
    private static readonly TrackDetails Aac = new("MPEG-4 Audio") { SampleRate = 44_100, Channels = 2 };
    private static readonly TrackDetails Opus = new("Opus") { Channels = 2 };
    private static readonly TrackDetails H265 = new("H265") { Width = 640, Height = 360, Profile = "Main" };

    [Fact]
    public void A_copy_has_the_tracks_of_its_input() => Assert.Equal(new SlateTracks(new SlateVideo(640, 360, "High"), new SlateAudio(44_100, 2)), Find([Aac, H264]).Tracks);

    [Fact]
    public void An_encoder_says_what_it_writes() =>
        Assert.Equal(new SlateTracks(new SlateVideo(640, 360, "Main"), new SlateAudio(48_000, 2)), Find([H265, Opus], new WrittenTracks { Profile = "Main", SampleRate = 48_000 }).Tracks);

    [Fact]
    public void One_track_alone_is_enough() => Assert.Equal(new SlateTracks(null, new SlateAudio(44_100, 2)), Find([Aac]).Tracks);

    public static TheoryData<string, string> Problems => new()
    {
        { "H265", "there is no slate for video codec H265" },
        { "Opus", "there is no slate for audio codec Opus" },
        { "unknown size", "MediaMTX does not tell the size and profile of the input's H264" },
        { "Extended", "there is no slate for profile 'Extended' of H264" },
        { "two", "there is no slate for 2 video and 0 audio tracks" },
        { "none", "MediaMTX does not tell the input's tracks" },
        { "rate", "there is no slate for AAC of 44101 Hz and 2 channels" },
    };

    [Theory, MemberData(nameof(Problems))]
    public void What_there_is_no_slate_for_is_said(string what, string problem)
    {
        ImmutableArray<TrackDetails> input = what switch
        {
            "H265" => [H265, Aac],
            "Opus" => [H264, Opus],
            "unknown size" => [H264 with { Width = null }],
            "Extended" => [H264 with { Profile = "Extended" }],
            "two" => [H264, H264],
            "rate" => [H264, Aac with { SampleRate = 44_101 }],
            _ => [],
        };
        Assert.Equal((null, problem), Find(input));
    }

    private static (SlateTracks? Tracks, string? Problem) Find(ImmutableArray<TrackDetails> input, WrittenTracks? writes = null) => KeptTracks.Find(input, writes ?? new WrittenTracks(), TrackCodecs.IsAudio);
}

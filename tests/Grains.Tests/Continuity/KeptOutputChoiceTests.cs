using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class KeptOutputChoiceTests
{
    private static readonly SlateVideo Picture = new(640, 360, "High");
    private static readonly TrackDetails H264 = new("H264") { Width = 640, Height = 360, Profile = "High" };
    private static readonly TrackDetails Aac = new("MPEG-4 Audio") { SampleRate = 44_100, Channels = 1 };
    private static readonly TrackDetails Opus = new("Opus") { Channels = 2 };

    private static readonly WorkerOutput Copy = new() { Kept = true, Video = ["H264"], Audio = ["MPEG-4 Audio"] };
    private static readonly WorkerOutput AsAsked = new() { Kept = true, Video = ["H264"], Audio = ["*"], Arguments = ["-ar", "{audio.rate}", "-ac", "{audio.channels}"] };
    private static readonly WorkerOutput Main = new() { Kept = true, Video = ["*"], Audio = ["*"], Writes = new WrittenTracks { Profile = "Main", SampleRate = 48_000, Channels = 2 } };

    [Theory]
    [InlineData(nameof(Copy), "High", 640, 44_100, 1)]
    [InlineData(nameof(AsAsked), "High", 640, 48_000, 2)]
    [InlineData(nameof(AsAsked), "High", 640, 48_000, 1)]
    [InlineData(nameof(Main), "Main", 640, 48_000, 2)]
    [InlineData(nameof(Copy), "High", 320, 48_000, 2)] // None writes them: the first, as without a wish.
    public void A_fallback_writes_what_is_wanted(string expected, string picture, int width, int rate, int channels)
    {
        SlateTracks wanted = new(new SlateVideo(width, 360, picture), new SlateAudio(rate, channels));
        Assert.Equal(expected, NameOf(KeptOutputChoice.Find(ProfileOf(AsAsked, Copy, Main), [H264, Aac], wanted).Pick));
    }

    [Fact]
    public void The_tracks_with_the_sound_as_asked_are_those_that_are_wanted()
    {
        SlateTracks wanted = new(Picture, new SlateAudio(48_000, 2));
        Assert.Equal(wanted, KeptOutputChoice.Find(ProfileOf(AsAsked), [H264, Opus], wanted).Pick!.Tracks);
    }

    [Fact]
    public void A_codec_that_cannot_be_copied_is_no_obstacle_where_the_sound_is_made_anew()
    {
        WorkerOutput any = new() { Kept = true, Video = ["H264"], Audio = ["*"] };
        Assert.Equal((null, "there is no slate for audio codec Opus"), KeptOutputChoice.Find(ProfileOf(any, AsAsked), [H264, Opus]));
        Assert.Equal(nameof(AsAsked), NameOf(KeptOutputChoice.Find(ProfileOf(any, AsAsked), [H264, Opus], new SlateTracks(Picture, new SlateAudio(48_000, 2))).Pick));
    }

    [Fact]
    public void An_input_without_sound_is_written_without_sound() =>
        Assert.Equal(new SlateTracks(Picture, null), KeptOutputChoice.Find(ProfileOf(AsAsked), [H264], new SlateTracks(Picture, null)).Pick!.Tracks);

    [Fact]
    public void Only_a_fallback_makes_sound_as_asked()
    {
        Assert.Equal(nameof(Copy), NameOf(KeptOutputChoice.Find(ProfileOf(AsAsked, Copy), [H264, Aac]).Pick));
        Assert.Equal((null, "the profile has no output with Kept that carries H264 and Opus"), KeptOutputChoice.Find(ProfileOf(AsAsked, Copy), [H264, Opus]));
    }

    [Fact]
    public void Outputs_that_are_not_kept_do_not_count() =>
        Assert.Null(KeptOutputChoice.Find(ProfileOf(new WorkerOutput { Video = ["*"], Audio = ["*"] }), [H264, Aac], new SlateTracks(Picture, new SlateAudio(44_100, 1))).Pick);

    [Fact]
    public void Same_tracks_need_no_words_and_others_a_remedy()
    {
        SlateTracks copied = new(Picture, new SlateAudio(44_100, 1));
        Assert.Null(KeptOutputChoice.ExplainMismatch("copy", copied, "dub", copied with { Audio = new SlateAudio(44_100, 1) }));
        Assert.EndsWith("Give 'copy' an output with Kept and the placeholders {audio.rate} and {audio.channels}.", KeptOutputChoice.ExplainMismatch("copy", copied, "dub", copied with { Audio = new SlateAudio(48_000, 2) }), StringComparison.Ordinal);
        Assert.Equal(
            "The fallback 'copy' writes H264 640x360 High and AAC 44100 Hz, 1 channels where 'dub' writes H264 640x360 Main and AAC 44100 Hz, 1 channels: readers connect anew at each change between them. Give 'copy' an output with Kept whose Writes are those of 'dub'.",
            KeptOutputChoice.ExplainMismatch("copy", copied, "dub", copied with { Video = Picture with { Profile = "Main" } }));
    }

    private static WorkerProfile ProfileOf(params WorkerOutput[] outputs) => new() { Outputs = [.. outputs] };

    private static string? NameOf(KeptPick? pick) => pick?.Output switch
    {
        { } output when output == Copy => nameof(Copy),
        { } output when output == AsAsked => nameof(AsAsked),
        { } output when output == Main => nameof(Main),
        null => null,
        _ => "another",
    };
}

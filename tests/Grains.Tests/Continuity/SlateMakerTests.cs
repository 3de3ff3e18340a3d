using System.Globalization;
using Streams.Grains.Continuity.Slates;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class SlateMakerTests
{
    private readonly SlateMaker _maker = new(TimeProvider.System);

    public static TheoryData<string, int, int, int, int> Tracks => new()
    {
        { "Baseline", 320, 180, 48_000, 1 },
        { "Main", 1280, 720, 44_100, 2 },
        { "High", 1920, 1080, 48_000, 2 },
        { "High 10", 640, 360, 32_000, 1 },
        { "High 4:2:2", 640, 360, 22_050, 2 },
        { "High", 854, 480, 48_000, 6 },
    };

    [Theory, MemberData(nameof(Tracks))]
    public async Task A_slate_has_the_tracks_asked_for_and_lasts_about_a_second(string profile, int width, int height, int rate, int channels)
    {
        string probed = await Probe(new SlateTracks(new SlateVideo(width, height, profile), new SlateAudio(rate, channels)), "-show_entries", "stream=codec_name,width,height,sample_rate,channels,start_time,nb_read_packets", "-count_packets");
        string[] lines = probed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"h264,{width},{height},0.000000,32"), lines[0]);
        int frames = (int)Math.Round(1.024 * rate / 1024);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"aac,{rate},{channels},0.000000,{frames}"), lines[1]);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public async Task Its_tracks_last_equally_long()
    {
        string[] durations = (await Probe(new SlateTracks(new SlateVideo(320, 180, "High"), new SlateAudio(44_100, 2)), "-show_entries", "stream=duration")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, durations.Length);
        Assert.Equal(durations[0], durations[1]);
    }

    [Fact]
    public async Task It_shows_no_picture()
    {
        // A decoder that gets filler alone makes nothing of it: the reader's last picture stays.
        string pictures = await Probe(new SlateTracks(new SlateVideo(320, 180, "Baseline"), null), "-show_entries", "frame=pict_type", "-select_streams", "v");
        Assert.DoesNotContain("I", pictures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_sound_is_silence()
    {
        string file = await Write(new SlateTracks(null, new SlateAudio(48_000, 2)));
        try
        {
            (int code, string output) = await ChildProgram.Run("ffmpeg", ["-hide_banner", "-nostdin", "-i", file, "-af", "volumedetect", "-f", "null", "-"]);
            Assert.True(code == 0, output);
            Assert.Contains("max_volume: -91", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_cannot_be_encoded_is_refused_with_the_encoders_words()
    {
        SlateException refused = await Assert.ThrowsAsync<SlateException>(() => _maker.Make(new SlateTracks(new SlateVideo(0, 180, "High"), null), null, TestContext.Current.CancellationToken));
        Assert.StartsWith("No slate could be made for H264 0x180 High: ffmpeg ended with", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> Probe(SlateTracks tracks, params string[] what)
    {
        string file = await Write(tracks);
        try
        {
            (int code, string output) = await ChildProgram.Run("ffprobe", ["-v", "fatal", .. what, "-of", "csv=p=0", file]);
            Assert.True(code == 0, output);
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<string> Write(SlateTracks tracks)
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}-{tracks.FileName}");
        await File.WriteAllBytesAsync(file, await _maker.Make(tracks, null, TestContext.Current.CancellationToken));
        return file;
    }
}

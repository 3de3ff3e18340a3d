using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests;

/// <summary>An operator's card as a slate; with the installed ffmpeg.</summary>
public sealed class CardTests : IDisposable
{
    private static readonly SlateTracks Tracks = new(new SlateVideo(320, 180, "Main"), new SlateAudio(48_000, 1));
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-card-").FullName;
    private readonly ContinuityOptions _options;
    private readonly SlateChoice _choice;

    public CardTests()
    {
        _options = new ContinuityOptions { SlateFolder = Path.Combine(_folder, "slates"), Slate = SlateKind.Card, SlateCard = Path.Combine(_folder, "card") };
        Directory.CreateDirectory(_options.SlateFolder);
        File.WriteAllText(Path.Combine(_options.SlateFolder, Tracks.FileName), "the clear slate, as another silo has made it");
        IOptions<ContinuityOptions> options = Options.Create(_options);
        _choice = new SlateChoice(new SlateFolder(new SlateMaker(TimeProvider.System), options), options, TimeProvider.System, NullLogger<SlateChoice>.Instance);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, int, int, int, int> AllTracks => new()
    {
        { "Baseline", 320, 180, 48_000, 1 },
        { "Main", 640, 360, 44_100, 2 },
        { "High", 320, 180, 22_050, 2 },
        { "High 10", 320, 180, 32_000, 1 },
        { "High 4:2:2", 320, 180, 48_000, 2 },
    };

    [Theory, MemberData(nameof(AllTracks))]
    public async Task A_picture_becomes_a_slate_of_the_tracks_asked_for_that_begins_with_a_key_frame(string profile, int width, int height, int rate, int channels)
    {
        await Paint("png", "color=red:size=100x100", "-frames:v", "1");
        string file = await Make(new SlateTracks(new SlateVideo(width, height, profile), new SlateAudio(rate, channels)));
        string[] lines = await Probe(file, "-show_entries", "stream=codec_name,profile,width,height,sample_rate,channels,start_time,nb_read_packets", "-count_packets");
        Assert.Equal(2, lines.Length);
        Assert.Matches(string.Create(CultureInfo.InvariantCulture, $"^h264,.*{width},{height},0.000000,32$"), lines[0]);
        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $",{rate},{channels},0.000000,{(int)Math.Round(1.024 * rate / 1024)}"), lines[1], StringComparison.Ordinal);
        Assert.Equal((await Probe(file, "-select_streams", "v", "-show_entries", "stream=duration"))[0], (await Probe(file, "-select_streams", "a", "-show_entries", "stream=duration"))[0]);
        string[] keys = await Probe(file, "-select_streams", "v", "-show_entries", "packet=flags");
        Assert.Equal(0, Assert.Single(keys.Index(), static packet => packet.Item.Contains('K', StringComparison.Ordinal)).Index);
    }

    [Fact]
    public async Task Its_pictures_show_the_card_with_bars_where_it_does_not_fit_and_none_is_damaged()
    {
        await Paint("png", "color=red:size=100x100", "-frames:v", "1");
        byte[] pixels = await Decode(await Make(Tracks), 32);
        Assert.Equal(32 * 320 * 180 * 3, pixels.Length);
        for (int picture = 0; picture < 32; picture++)
        {
            Assert.True(Pixel(pixels, picture, 160, 90) is ( > 200, < 60, < 60), "Red in the middle.");
            Assert.True(Pixel(pixels, picture, 10, 90) is ( < 40, < 40, < 40), "Black at the side.");
        }
    }

    [Fact]
    public async Task A_clip_is_shown_for_ten_seconds_with_a_key_frame_each_second_however_short_it_is()
    {
        await Paint("mp4", "testsrc=size=160x90:rate=25", "-t", "0.6", "-pix_fmt", "yuv420p");
        string file = await Make(Tracks);
        string[] packets = await Probe(file, "-select_streams", "v", "-show_entries", "packet=flags");
        Assert.Equal(320, packets.Length);
        Assert.Equal(Enumerable.Range(0, 10).Select(static block => block * 32), packets.Index().Where(static packet => packet.Item.Contains('K', StringComparison.Ordinal)).Select(static packet => packet.Index));
        Assert.Equal(320 * 320 * 180 * 3, (await Decode(file, 320)).Length);
    }

    [Fact]
    public async Task Another_card_is_another_file_and_the_former_stays_as_it_is()
    {
        await Paint("png", "color=red:size=64x64", "-frames:v", "1");
        string red = await Make(Tracks);
        byte[] before = await File.ReadAllBytesAsync(red, TestContext.Current.CancellationToken);
        await Paint("png", "color=blue:size=64x64", "-frames:v", "1");
        string blue = await Make(Tracks);
        Assert.NotEqual(red, blue);
        Assert.True(SlateFiles.HaveSameTracks(red, blue));
        Assert.True(SlateFiles.HaveSameTracks(red, Path.Combine(_options.SlateFolder, Tracks.FileName)));
        Assert.Equal("h264-320x180-main-aac-48000-1", SlateFiles.Describe(blue));
        Assert.Equal(before, await File.ReadAllBytesAsync(red, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_profiles_own_card_and_its_wish_for_none_come_before_the_setting()
    {
        await Paint("png", "color=red:size=64x64", "-frames:v", "1");
        string common = await Make(Tracks);
        string own = Path.Combine(_folder, "own");
        await PaintTo(own, "png", "color=green:size=64x64", "-frames:v", "1");
        Assert.NotEqual(common, (await _choice.Find(Tracks, null, own)).File);
        Assert.Equal((Path.Combine(_options.SlateFolder, Tracks.FileName), null), await _choice.Find(Tracks, SlateKind.Clear, own));
        Assert.Null((await _choice.Find(new SlateTracks(null, Tracks.Audio), null, "")).Problem); // Sound alone has nothing to show.
    }

    [Fact]
    public async Task A_card_that_is_missing_is_named_and_readers_keep_their_last_picture() => await ExpectClear("there is no such file");

    [Fact]
    public async Task One_that_is_empty_or_no_file_is_refused_before_it_is_opened()
    {
        await File.WriteAllTextAsync(_options.SlateCard, "", TestContext.Current.CancellationToken);
        await ExpectClear("it is empty, or no file");
        _options.SlateCard = "/dev/zero";
        await ExpectClear("it is empty, or no file");
    }

    [Fact]
    public async Task A_link_is_what_it_leads_to()
    {
        string file = Path.Combine(_folder, "picture.png");
        await PaintTo(file, "png", "color=red:size=64x64", "-frames:v", "1");
        File.CreateSymbolicLink(_options.SlateCard, file);
        await Make(Tracks);

        string pipe = Path.Combine(_folder, "pipe");
        Assert.Equal(0, (await ChildProgram.Run("mkfifo", [pipe])).ExitCode);
        foreach (string endless in new[] { pipe, "/dev/zero", "/dev/ptmx" })
        {
            File.Delete(_options.SlateCard);
            File.CreateSymbolicLink(_options.SlateCard, endless);
            await ExpectClear("it is empty, or no file");
        }

        File.Delete(_options.SlateCard);
        File.CreateSymbolicLink(_options.SlateCard, _options.SlateCard);
        await ExpectClear("it cannot be read");
        _options.SlateCard = _folder;
        await ExpectClear("it is a folder");
    }

    [Fact]
    public async Task One_that_is_huge_is_refused_by_its_length()
    {
        using (FileStream huge = File.Create(_options.SlateCard))
        {
            huge.SetLength((64L << 20) + 1);
        }

        await ExpectClear("it has more than 64 MB");
    }

    [Fact]
    public async Task A_picture_that_would_be_huge_once_decoded_is_refused_by_its_header()
    {
        await Paint("png", "color=red:size=64x64", "-frames:v", "1");
        byte[] picture = await File.ReadAllBytesAsync(_options.SlateCard, TestContext.Current.CancellationToken);
        picture[18] = 0xFF;
        await File.WriteAllBytesAsync(_options.SlateCard, picture, TestContext.Current.CancellationToken);
        await ExpectClear("is not between 1x1 and 8192x8192");
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"http://127.0.0.1:1/\"/></svg>")]
    public async Task A_playlist_or_what_else_leads_elsewhere_is_no_card(string content)
    {
        await File.WriteAllTextAsync(_options.SlateCard, content, TestContext.Current.CancellationToken);
        await ExpectClear("it is neither a PNG picture nor an MP4 file");
    }

    [Theory]
    [InlineData("\0\0\0\u0018ftypisom#EXTM3U\nhttp://127.0.0.1:1/x")]
    [InlineData("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0010\0\0\0\u0010 and nothing that is one")]
    public async Task What_only_begins_like_one_is_refused_with_the_decoders_words(string content)
    {
        await File.WriteAllBytesAsync(_options.SlateCard, System.Text.Encoding.Latin1.GetBytes(content), TestContext.Current.CancellationToken);
        await ExpectClear("No slate could be made for H264 320x180 Main and AAC 48000 Hz, 1 channels: ffmpeg ended with");
        await ExpectClear("ffmpeg ended with"); // Remembered.
    }

    [Fact]
    public void A_card_without_a_file_is_refused_at_the_start() =>
        Assert.Contains("Streams:Continuity:SlateCard", Assert.Single(new ContinuityOptionsValidator().Validate(null, new ContinuityOptions { Slate = SlateKind.Card }).Failures!), StringComparison.Ordinal);

    private async Task ExpectClear(string problem)
    {
        (string file, string? said) = await _choice.Find(Tracks, null, "");
        Assert.Equal(Path.Combine(_options.SlateFolder, Tracks.FileName), file);
        Assert.StartsWith($"The card {_options.SlateCard} is not shown, and readers keep their last picture: ", said, StringComparison.Ordinal);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    /// <summary>The slate of the card, however long the machine needs for it.</summary>
    private Task<string> Make(SlateTracks tracks) => Eventually.Get(
        async () => await _choice.Find(tracks, null, ""), static found => found.Problem is null, "the card's slate").ContinueWith(static found => found.GetAwaiter().GetResult().File, TaskScheduler.Default);

    private Task Paint(string format, string source, params string[] more) => PaintTo(_options.SlateCard, format, source, more);

    private static async Task PaintTo(string file, string format, string source, params string[] more)
    {
        string[] encoder = format == "png" ? ["-c:v", "png", "-f", "image2pipe"] : ["-c:v", "libx264", "-f", "mp4"];
        (int code, string output) = await ChildProgram.Run("ffmpeg", ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source, .. more, .. encoder, file]);
        Assert.True(code == 0, output);
    }

    private static async Task<string[]> Probe(string file, params string[] what)
    {
        (int code, string output) = await ChildProgram.Run("ffprobe", ["-v", "error", .. what, "-of", "csv=p=0", file]);
        Assert.True(code == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>All pictures as the decoder shows them; any error of it fails the test.</summary>
    private async Task<byte[]> Decode(string file, int pictures)
    {
        string raw = Path.Combine(_folder, "raw");
        (int code, string output) = await ChildProgram.Run(
            "ffmpeg", ["-v", "error", "-nostdin", "-y", "-xerror", "-i", file, "-frames:v", pictures.ToString(CultureInfo.InvariantCulture), "-f", "rawvideo", "-pix_fmt", "rgb24", raw]);
        Assert.True(code == 0 && output.Length == 0, output);
        return await File.ReadAllBytesAsync(raw, TestContext.Current.CancellationToken);
    }

    private static (int Red, int Green, int Blue) Pixel(byte[] pixels, int picture, int x, int y)
    {
        int at = ((((picture * 180) + y) * 320) + x) * 3;
        return (pixels[at], pixels[at + 1], pixels[at + 2]);
    }
}

using System.Collections.Frozen;
using System.ComponentModel;
using System.Globalization;

namespace Streams.Grains.Continuity.Slates;

/// <summary>
/// Makes slates. While a clear one is shown, a reader keeps the last picture that it had, and hears silence: the installed ffmpeg encodes one picture for
/// the parameter sets, and silence; the samples of the video track hold filler alone, which no decoder shows. That of a card has its pictures instead.
/// </summary>
internal sealed class SlateMaker(TimeProvider time)
{
    /// <summary>How long a slate is, about: AAC decides, whose frames have 1024 samples.</summary>
    private const double Seconds = 1.024;

    private const int SamplesPerFrame = 1024;
    private const int DefaultRate = 48_000;
    private const int Pictures = CardPictures.PicturesPerBlock;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Encoder _encoder = new(time);

    /// <summary>A filler NAL unit (type 12, H.264 7.3.2.7) behind its length.</summary>
    private static readonly byte[] Filler = [0, 0, 0, 7, 0x0C, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x80];

    /// <summary>The H.264 profiles by MediaMTX's names, with x264's name and the format of pictures that makes it use them.</summary>
    public static readonly FrozenDictionary<string, (string Name, string PixelFormat)> Profiles = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["Baseline"] = ("baseline", "yuv420p"),
        ["Main"] = ("main", "yuv420p"),
        ["High"] = ("high", "yuv420p"),
        ["High 10"] = ("high10", "yuv420p10le"),
        ["High 4:2:2"] = ("high422", "yuv422p"),
        ["High 4:4:4 Predictive"] = ("high444", "yuv444p"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The slate as an MP4 file.</summary>
    /// <param name="tracks">Its tracks.</param>
    /// <param name="card">What it shows; null for a clear one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlateException">It cannot be made; the message says why.</exception>
    public async Task<byte[]> Make(SlateTracks tracks, Card? card, CancellationToken cancellationToken)
    {
        try
        {
            int rate = tracks.Audio?.SampleRate ?? DefaultRate;
            int frames = (int)Math.Round(Seconds * rate / SamplesPerFrame);
            int blocks = card is not null && tracks.Video is not null ? CardPictures.BlocksOf(card) : 1;
            Task<Mp4Samples>? video = tracks.Video is not { } picture ? null
                : card is null ? MakeClear(picture, rate, frames, cancellationToken) : MakeCard(card, picture, rate, frames, cancellationToken);
            Task<Mp4Samples>? audio = tracks.Audio is { } sound ? MakeAudio(sound, frames * blocks, cancellationToken) : null;
            return Mp4File.Write(await Task.WhenAll(new[] { video, audio }.OfType<Task<Mp4Samples>>()));
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or Win32Exception or OverflowException or IndexOutOfRangeException)
        {
            throw new SlateException($"No slate could be made for {tracks}: {failure.Message}", failure);
        }
    }

    /// <summary>The name of a profile for x264, and the format of pictures that makes it use it.</summary>
    /// <exception cref="InvalidDataException">It is unknown.</exception>
    public static (string Name, string PixelFormat) FormatOf(string profile) =>
        Profiles.TryGetValue(profile, out (string, string) known) ? known : throw new InvalidDataException($"profile '{profile}' of H.264 is unknown.");

    /// <param name="video">The track.</param>
    /// <param name="rate">Samples of sound a second: pictures go by the same clock, so that both tracks last equally long.</param>
    /// <param name="frames">How many frames the sound has.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async Task<Mp4Samples> MakeClear(SlateVideo video, int rate, int frames, CancellationToken cancellationToken)
    {
        (string profile, string pixelFormat) = FormatOf(video.Profile);
        byte[] stream = await _encoder.Encode(
            [
                "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"color=black:size={video.Width}x{video.Height}:rate=30"), "-frames:v", "1",
                "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-pix_fmt", pixelFormat, "-profile:v", profile, "-f", "h264",
            ],
            Timeout, cancellationToken);
        return VideoOf(video, AnnexB.Split(stream), rate, frames, [.. Enumerable.Repeat(Filler, Pictures)]);
    }

    private async Task<Mp4Samples> MakeCard(Card card, SlateVideo video, int rate, int frames, CancellationToken cancellationToken)
    {
        IReadOnlyList<List<byte[]>> pictures = await new CardPictures(_encoder).Make(card, video, (double)rate * Pictures / (frames * SamplesPerFrame), cancellationToken);
        return VideoOf(video, pictures[0], rate, frames, [.. pictures.Select(static units => AnnexB.Prefix(units))]) with
        {
            KeySamples = [.. pictures.Index().Where(static picture => picture.Item.Any(AnnexB.IsKeyFrame)).Select(static picture => picture.Index)],
        };
    }

    private static Mp4Samples VideoOf(SlateVideo video, List<byte[]> units, int rate, int frames, IReadOnlyList<byte[]> samples)
    {
        byte[] sps = units.Find(static unit => (unit[0] & 0x1F) == 7) ?? throw new InvalidDataException("ffmpeg's picture has no sequence parameter set.");
        byte[] pps = units.Find(static unit => (unit[0] & 0x1F) == 8) ?? throw new InvalidDataException("ffmpeg's picture has no picture parameter set.");
        return new Mp4Samples(Mp4File.AvcEntry(video.Width, video.Height, sps, pps), rate, frames * SamplesPerFrame / Pictures, samples) { Size = (video.Width, video.Height) };
    }

    private async Task<Mp4Samples> MakeAudio(SlateAudio audio, int frames, CancellationToken cancellationToken)
    {
        byte[] stream = await _encoder.Encode(
            [
                "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"aevalsrc={string.Join('|', Enumerable.Repeat("0", audio.Channels))}:sample_rate={audio.SampleRate}"), "-t", "2",
                "-c:a", "aac", "-f", "adts",
            ],
            Timeout, cancellationToken);
        AdtsFrames sound = AdtsFrames.Parse(stream);
        byte[] silence = sound.Frames[sound.Frames.Count / 2]; // Far from the encoder's start and end, which are not all silence.
        return new Mp4Samples(Mp4File.AacEntry(audio.SampleRate, audio.Channels, sound.Config), audio.SampleRate, SamplesPerFrame, [.. Enumerable.Repeat(silence, frames)]);
    }
}

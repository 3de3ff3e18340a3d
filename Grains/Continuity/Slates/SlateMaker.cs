using System.Collections.Frozen;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Streams.Grains.Os;

namespace Streams.Grains.Continuity.Slates;

/// <summary>
/// Makes clear slates: while one is shown, a reader keeps the last picture that it had, and hears silence. The installed ffmpeg encodes one picture for
/// the parameter sets, and silence; the samples of the video track hold filler alone, which no decoder shows.
/// </summary>
internal sealed class SlateMaker(TimeProvider time)
{
    private const string Ffmpeg = "ffmpeg";

    /// <summary>How long a slate is, about: AAC decides, whose frames have 1024 samples.</summary>
    private const double Seconds = 1.024;

    private const int SamplesPerFrame = 1024;
    private const int DefaultRate = 48_000;
    private const int Pictures = 32;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

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
    /// <exception cref="SlateException">It cannot be made; the message says why.</exception>
    public async Task<byte[]> Make(SlateTracks tracks, CancellationToken cancellationToken)
    {
        try
        {
            int rate = tracks.Audio?.SampleRate ?? DefaultRate;
            int frames = (int)Math.Round(Seconds * rate / SamplesPerFrame);
            Task<Mp4Samples>? video = tracks.Video is { } picture ? MakeVideo(picture, rate, frames, cancellationToken) : null;
            Task<Mp4Samples>? audio = tracks.Audio is { } sound ? MakeAudio(sound, frames, cancellationToken) : null;
            return Mp4File.Write(await Task.WhenAll(new[] { video, audio }.OfType<Task<Mp4Samples>>()));
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or Win32Exception or OverflowException or IndexOutOfRangeException)
        {
            throw new SlateException($"No slate could be made for {tracks}: {failure.Message}", failure);
        }
    }

    /// <param name="video">The track.</param>
    /// <param name="rate">Samples of sound a second: pictures go by the same clock, so that both tracks last equally long.</param>
    /// <param name="frames">How many frames the sound has.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async Task<Mp4Samples> MakeVideo(SlateVideo video, int rate, int frames, CancellationToken cancellationToken)
    {
        (string profile, string pixelFormat) = Profiles.TryGetValue(video.Profile, out (string, string) known) ? known : throw new InvalidDataException($"profile '{video.Profile}' of H.264 is unknown.");
        byte[] stream = await Encode(
            [
                "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"color=black:size={video.Width}x{video.Height}:rate=30"), "-frames:v", "1",
                "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-pix_fmt", pixelFormat, "-profile:v", profile, "-f", "h264",
            ],
            cancellationToken);
        List<byte[]> units = AnnexB.Split(stream);
        byte[] sps = units.Find(static unit => (unit[0] & 0x1F) == 7) ?? throw new InvalidDataException("ffmpeg's picture has no sequence parameter set.");
        byte[] pps = units.Find(static unit => (unit[0] & 0x1F) == 8) ?? throw new InvalidDataException("ffmpeg's picture has no picture parameter set.");
        return new Mp4Samples(Mp4File.AvcEntry(video.Width, video.Height, sps, pps), rate, frames * SamplesPerFrame / Pictures, [.. Enumerable.Repeat(Filler, Pictures)])
        {
            Size = (video.Width, video.Height),
        };
    }

    private async Task<Mp4Samples> MakeAudio(SlateAudio audio, int frames, CancellationToken cancellationToken)
    {
        byte[] stream = await Encode(
            [
                "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"aevalsrc={string.Join('|', Enumerable.Repeat("0", audio.Channels))}:sample_rate={audio.SampleRate}"), "-t", "2",
                "-c:a", "aac", "-f", "adts",
            ],
            cancellationToken);
        AdtsFrames sound = AdtsFrames.Parse(stream);
        byte[] silence = sound.Frames[sound.Frames.Count / 2]; // Far from the encoder's start and end, which are not all silence.
        return new Mp4Samples(Mp4File.AacEntry(audio.SampleRate, audio.Channels, sound.Config), audio.SampleRate, SamplesPerFrame, [.. Enumerable.Repeat(silence, frames)]);
    }

    /// <summary>What ffmpeg writes.</summary>
    private async Task<byte[]> Encode(string[] arguments, CancellationToken cancellationToken)
    {
        string program = ProgramFinder.Find(Ffmpeg) ?? throw new InvalidDataException("ffmpeg is not on this machine's PATH (make setup installs it).");
        using Process process = Process.Start(new ProcessStartInfo(program, ["-hide_banner", "-nostdin", "-loglevel", "error", .. arguments, "pipe:1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            MemoryStream output = new();
            Task copied = process.StandardOutput.BaseStream.CopyToAsync(output, either.Token);
            string error = await process.StandardError.ReadToEndAsync(either.Token);
            await copied;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 && output.Length > 0 ? output.ToArray() : throw new InvalidDataException($"ffmpeg ended with {process.ExitCode}: {LastLine(error)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidDataException($"ffmpeg did not end within {Timeout.TotalSeconds:0} s.");
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
}

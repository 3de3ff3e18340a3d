using System.Diagnostics;
using CliWrap;

namespace Streams.Verify.Pictures;

/// <summary>Reads a stream over RTSP with ffmpeg, which decodes it to the brightness of the flashing corner, one byte per picture.</summary>
internal static class PictureReader
{
    private static readonly string Corner = $"crop={FlashingPicture.Corner}:{FlashingPicture.Corner}:0:0,scale=1:1,format=gray";

    /// <summary>Reads for a time.</summary>
    /// <param name="url">The stream.</param>
    /// <param name="duration">Duration.</param>
    /// <param name="clock">Zero of the clock, shared by readers that are compared.</param>
    public static async Task<IReadOnlyList<Flash>> Read(string url, TimeSpan duration, long clock)
    {
        FlashReader reader = new();
        using CancellationTokenSource over = new(duration);
        try
        {
            // One thread and no reordering: the decoder holds no picture back. Both sides are read alike, so what is left cancels out.
            await Cli.Wrap("ffmpeg")
                .WithArguments(
                [
                    "-hide_banner", "-loglevel", "error", "-nostdin", "-rtsp_transport", "tcp", "-fflags", "nobuffer", "-flags", "low_delay",
                    "-threads", "1", "-probesize", "32768", "-analyzeduration", "0", "-i", url,
                    "-an", "-fps_mode", "passthrough", "-vf", Corner, "-f", "rawvideo", "-flush_packets", "1", "pipe:1",
                ])
                .WithStandardOutputPipe(PipeTarget.Create((pictures, cancellation) => ReadBrightness(pictures, reader, clock, cancellation)))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // As asked: a live stream does not end by itself.
        }

        return reader.Flashes;
    }

    private static async Task ReadBrightness(Stream pictures, FlashReader reader, long clock, CancellationToken cancellation)
    {
        byte[] bytes = new byte[256];
        while (await pictures.ReadAsync(bytes, cancellation) is > 0 and var count)
        {
            TimeSpan arrived = Stopwatch.GetElapsedTime(clock);
            foreach (byte brightness in bytes.AsSpan(0, count))
            {
                reader.Add(brightness, arrived);
            }
        }
    }
}

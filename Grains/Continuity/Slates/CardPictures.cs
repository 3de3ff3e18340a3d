using System.Globalization;

namespace Streams.Grains.Continuity.Slates;

/// <summary>
/// Makes the pictures of a card's slate. The file is the operator's, and may be from anywhere: ffmpeg is told what it is, opens no other file and no
/// address, and decodes no picture larger than a card may be.
/// </summary>
internal sealed class CardPictures(Encoder encoder)
{
    /// <summary>How many pictures there are from one key frame to the next: a reader that joins waits for one.</summary>
    public const int PicturesPerBlock = 32;

    /// <summary>How many such blocks a clip has: about 10 s of it are shown, again and again.</summary>
    private const int ClipBlocks = 10;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>How many blocks its pictures are.</summary>
    public static int BlocksOf(Card card) => card.Format == CardFormat.Png ? 1 : ClipBlocks;

    /// <summary>The pictures, each with the NAL units that a decoder needs; a block begins with a key frame.</summary>
    /// <param name="card">The card.</param>
    /// <param name="video">The track.</param>
    /// <param name="rate">Pictures a second.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlateException">The card cannot be used any more.</exception>
    /// <exception cref="InvalidDataException">It cannot be decoded, or is no such file.</exception>
    public async Task<IReadOnlyList<List<byte[]>>> Make(Card card, SlateVideo video, double rate, CancellationToken cancellationToken)
    {
        string copy = Path.Combine(Path.GetTempPath(), $"streams-card-{Guid.NewGuid():N}"); // Whatever happens to the operator's file meanwhile.
        try
        {
            await File.WriteAllBytesAsync(copy, card.ReadContent(), cancellationToken);
            byte[] stream = await encoder.Encode(ArgumentsOf(card, copy, video, rate), Limit, cancellationToken);
            List<List<byte[]>> pictures = AnnexB.SplitPictures(stream);
            int wanted = BlocksOf(card) * PicturesPerBlock;
            return pictures.Count == wanted ? pictures : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"ffmpeg made {pictures.Count} pictures instead of {wanted}."));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string[] ArgumentsOf(Card card, string file, SlateVideo video, double rate)
    {
        (string profile, string pixelFormat) = SlateMaker.FormatOf(video.Profile);
        string perSecond = rate.ToString("0.######", CultureInfo.InvariantCulture);
        string fit = string.Create(CultureInfo.InvariantCulture, $"scale={video.Width}:{video.Height}:force_original_aspect_ratio=decrease,pad={video.Width}:{video.Height}:(ow-iw)/2:(oh-ih)/2,setsar=1");
        string[] input = card.Format == CardFormat.Png
            ? ["-f", "png_pipe", "-codec_whitelist", "png"]
            : ["-f", "mov", "-codec_whitelist", "h264,hevc,mpeg4,av1,libdav1d,vp9,mjpeg,png", "-stream_loop", "-1"];
        string steady = card.Format == CardFormat.Png ? $"{fit},loop=loop=-1:size=1:start=0,setpts=N/{perSecond}/TB" : $"fps={perSecond},{fit}";
        return
        [
            "-protocol_whitelist", "file", "-max_pixels", "67108864", .. input, "-i", $"file:{file}",
            "-map", "0:v:0", "-an", "-sn", "-dn", "-vf", steady, "-frames:v", (BlocksOf(card) * PicturesPerBlock).ToString(CultureInfo.InvariantCulture),
            "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", "32", "-keyint_min", "32", "-sc_threshold", "0", "-crf", "26", "-maxrate", "4M", "-bufsize", "4M",
            "-pix_fmt", pixelFormat, "-profile:v", profile, "-x264-params", "aud=1", "-f", "h264",
        ];
    }
}

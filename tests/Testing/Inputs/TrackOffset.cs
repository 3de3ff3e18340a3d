using System.Globalization;

namespace Streams.Testing;

/// <summary>
/// By how much sound and picture are apart in an output compared with its input. A worker that copies leaves packets as they are: the same ones are found on
/// both sides by what they hold, and only their times are compared, so that it does not matter when a packet arrives.
/// </summary>
/// <param name="Shift">How much later the sound is against the picture than in the input; negative for earlier.</param>
/// <param name="Pictures">How many packets of pictures were compared.</param>
/// <param name="Sounds">How many of sound.</param>
public sealed record TrackOffset(TimeSpan Shift, int Pictures, int Sounds)
{
    /// <summary>Reads both sides at the same time.</summary>
    /// <param name="input">The input's URL. RTMP has one clock for both tracks; a reader of RTSP has to put two together.</param>
    /// <param name="output">The output's.</param>
    /// <param name="seconds">For how long.</param>
    public static async Task<TrackOffset> Measure(string input, string output, int seconds = 6)
    {
        ILookup<string, Packet>[] sides = await Task.WhenAll(Read(input, seconds), Read(output, seconds));
        double[] pictures = Differences(sides, "video");
        double[] sounds = Differences(sides, "audio");
        double shift = pictures.Length > 0 && sounds.Length > 0 ? Median(sounds) - Median(pictures) : double.NaN;
        return new TrackOffset(double.IsNaN(shift) ? TimeSpan.MaxValue : TimeSpan.FromSeconds(shift), pictures.Length, sounds.Length);
    }

    private static double[] Differences(ILookup<string, Packet>[] sides, string kind) =>
    [
        .. sides[0].Where(same => same.Count() == 1 && same.Single().Kind == kind && sides[1][same.Key].Count() == 1)
            .Select(same => sides[1][same.Key].Single().Time - same.Single().Time)
            .Order(),
    ];

    private static double Median(double[] sorted) => sorted[sorted.Length / 2];

    private static async Task<ILookup<string, Packet>> Read(string url, int seconds)
    {
        (int _, string output) = await ChildProgram.Run(
            "ffprobe",
            [
                "-v", "error", "-analyzeduration", "1000000", "-read_intervals", $"%+{seconds.ToString(CultureInfo.InvariantCulture)}",
                "-show_data_hash", "md5", "-show_entries", "packet=codec_type,pts_time,data_hash", "-of", "csv=p=0", url,
            ]);
        return output.Split('\n').Select(static line => line.Trim().Split(','))
            .Where(static fields => fields.Length == 3 && double.TryParse(fields[1], CultureInfo.InvariantCulture, out double _))
            .ToLookup(static fields => fields[2], static fields => new Packet(fields[0], double.Parse(fields[1], CultureInfo.InvariantCulture)));
    }

    private sealed record Packet(string Kind, double Time);
}

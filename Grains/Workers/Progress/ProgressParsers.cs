namespace Streams.Grains.Workers.Progress;

/// <summary>Which parser reads which format.</summary>
internal static class ProgressParsers
{
    /// <summary>A parser for one run; null for a worker that does not report.</summary>
    public static IProgressParser? For(ProgressFormat format, TimeProvider time) => format switch
    {
        ProgressFormat.Ffmpeg => new FfmpegProgressParser(time),
        ProgressFormat.GStreamer => new GStreamerProgressParser(time),
        _ => null,
    };
}

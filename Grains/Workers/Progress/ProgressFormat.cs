namespace Streams.Grains.Workers.Progress;

/// <summary>How a worker reports progress on its standard output.</summary>
public enum ProgressFormat
{
    /// <summary>As ffmpeg's <c>-progress pipe:1</c>: lines of <c>key=value</c>, each report ended by <c>progress=</c>.</summary>
    Ffmpeg,

    /// <summary>As GStreamer's <c>progressreport</c> element prints it: <c>name (hh:mm:ss): ...</c>.</summary>
    GStreamer,

    /// <summary>Not at all: it is judged by what arrives at its output. One that writes elsewhere counts as running once it has started, and a hang of it cannot be noticed.</summary>
    None,
}

using Streams.Grains.Continuity;

namespace Streams.Grains.Workers;

/// <summary>One way in which a profile writes its output: which tracks of the input it carries, and the arguments for it.</summary>
public sealed class WorkerOutput
{
    /// <summary>The video codecs that it carries, by MediaMTX's names, or <c>*</c> for any. Default none.</summary>
    public List<string> Video { get; set; } = [];

    /// <summary>The audio codecs that it carries, by MediaMTX's names, or <c>*</c> for any. Default none.</summary>
    public List<string> Audio { get; set; } = [];

    /// <summary>How many video tracks it carries. Default 1; 1 to 16.</summary>
    public int MaxVideo { get; set; } = 1;

    /// <summary>How many audio tracks it carries. Default 1; 1 to 16.</summary>
    public int MaxAudio { get; set; } = 1;

    /// <summary>
    /// For kept outputs alone (docs/continuity.md): it publishes to <c>{output.rtsp}</c>, video before audio, with the tracks of the input but for
    /// <see cref="Writes"/>. Other outputs are for those that are not kept. Default false.
    /// </summary>
    public bool Kept { get; set; }

    /// <summary>With <see cref="Kept"/>: what it writes that the input does not have. Default nothing: it copies.</summary>
    public WrittenTracks Writes { get; set; } = new();

    /// <summary>With <see cref="Kept"/>: the first version of the program that takes its arguments; with an older one the output is not kept. Default none: any does.</summary>
    public string Since { get; set; } = "";

    /// <summary>
    /// The arguments that follow those of the profile. With <see cref="Kept"/> they may have <c>{audio.rate}</c> and <c>{audio.channels}</c>: the output then serves a fallback alone,
    /// and writes AAC of the sample rate and channels of the profile in whose place it runs.
    /// </summary>
    public List<string> Arguments { get; set; } = [];

    /// <summary>Whether it writes the sound that it is asked for.</summary>
    internal bool MakesSoundAsAsked => PlaceholderValues.NamesIn(Arguments).Any(PlaceholderValues.IsSound);
}

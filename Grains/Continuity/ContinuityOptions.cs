namespace Streams.Grains.Continuity;

/// <summary>Whether the audience of outputs keeps its connection. Section <c>Streams:Continuity</c>.</summary>
public sealed class ContinuityOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Continuity";

    /// <summary>For all streams whose profile does not say otherwise (its <c>Continuity</c>). Default <see cref="ContinuityMode.Off"/>.</summary>
    public ContinuityMode Mode { get; set; } = ContinuityMode.Off;

    /// <summary>How long an output is kept once its stream is offline, for a publisher that comes back. Default 30 s; 0 to 1 day.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What readers see while nobody publishes, for all streams whose profile does not say otherwise (its <c>Slate</c>). Default <see cref="SlateKind.Clear"/>.</summary>
    public SlateKind Slate { get; set; } = SlateKind.Clear;

    /// <summary>
    /// With <see cref="SlateKind.Card"/>: the file that they see, a PNG picture (16 MB at most) or an MP4 file (64 MB at most, of which 10 s are shown). Default
    /// empty: none, which is refused with <see cref="SlateKind.Card"/>.
    /// </summary>
    public string SlateCard { get; set; } = "";

    /// <summary>
    /// The folder of the slates, which the media server reads by the same path. Never delete a file in it while a media server runs: without its slate
    /// MediaMTX ends. Default: <c>slates</c> in the silo's data folder.
    /// </summary>
    public string SlateFolder { get; set; } = "";
}

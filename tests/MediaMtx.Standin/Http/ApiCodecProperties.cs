using System.Text.Json.Serialization;

namespace MediaMtx.Standin.Http;

/// <summary>Of H.264 and H.265.</summary>
internal sealed record ApiSizedVideo(int Width, int Height, string Profile, string Level)
{
    /// <summary>While no parameter sets were seen.</summary>
    public static readonly ApiSizedVideo Unknown = new(0, 0, "", "");
}

/// <summary>Of AV1. The size is in the stream only, into which the stand-in does not look.</summary>
internal sealed record ApiAv1(int Width, int Height, int Profile, int Level, int Tier);

internal sealed record ApiVp9(int Profile);

internal sealed record ApiOpus(int ChannelCount);

/// <summary>Of MPEG-4 Audio and AC-3.</summary>
internal sealed record ApiSound(int SampleRate, int ChannelCount);

internal sealed record ApiG711([property: JsonPropertyName("muLaw")] bool IsMuLaw, int SampleRate, int ChannelCount);

internal sealed record ApiLpcm(int BitDepth, int SampleRate, int ChannelCount);

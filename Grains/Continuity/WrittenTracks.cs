using Streams.Grains.Continuity.Slates;

namespace Streams.Grains.Continuity;

/// <summary>What a worker writes that its input does not have; what is not set is as in the input.</summary>
public sealed class WrittenTracks
{
    /// <summary>The H.264 profile, by MediaMTX's name (<c>Baseline</c>, <c>Main</c>, <c>High</c>). Default: the input's, whose video must then be H.264.</summary>
    public string? Profile { get; set; }

    /// <summary>The width in pixels. Default: the input's.</summary>
    public int? Width { get; set; }

    /// <summary>The height in pixels. Default: the input's.</summary>
    public int? Height { get; set; }

    /// <summary>The sample rate of AAC in Hz. Default: the input's, whose audio must then be AAC.</summary>
    public int? SampleRate { get; set; }

    /// <summary>The channels of AAC. Default: the input's.</summary>
    public int? Channels { get; set; }

    /// <summary>The same with another sound.</summary>
    internal WrittenTracks With(SlateAudio sound) => new() { Profile = Profile, Width = Width, Height = Height, SampleRate = sound.SampleRate, Channels = sound.Channels };
}

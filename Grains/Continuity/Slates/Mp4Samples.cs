namespace Streams.Grains.Continuity.Slates;

/// <summary>A track of an MP4 file: what describes it, and its samples, all of one duration.</summary>
/// <param name="Entry">Its sample entry (<c>avc1</c>, <c>mp4a</c>) with the decoder's configuration.</param>
/// <param name="Timescale">Ticks a second.</param>
/// <param name="SampleDuration">Of each sample, in ticks.</param>
/// <param name="Samples">In order.</param>
internal sealed record Mp4Samples(byte[] Entry, int Timescale, int SampleDuration, IReadOnlyList<byte[]> Samples)
{
    /// <summary>Width and height of a picture; null for sound.</summary>
    public (int Width, int Height)? Size { get; init; }

    /// <summary>The samples that need no other, by their places from 0; empty for a track of which none does.</summary>
    public IReadOnlyList<int> KeySamples { get; init; } = [];

    public long Duration => (long)SampleDuration * Samples.Count;

    public long Bytes => Samples.Sum(static sample => (long)sample.Length);
}

using Streams.Grains.Continuity.Slates;

namespace Streams.Grains.Continuity;

/// <summary>What the name of a slate's file tells.</summary>
internal static class SlateFiles
{
    /// <summary>Whether Streams made the file, on whichever machine.</summary>
    public static bool IsOurs(string file) => Path.GetFileName(file).StartsWith(SlateTracks.NamePrefix, StringComparison.Ordinal);

    /// <summary>Its tracks, in short, whatever it shows.</summary>
    public static string Describe(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        string tracks = name.IndexOf('-', SlateTracks.NamePrefix.Length) is > 0 and var at ? name[(at + 1)..] : name;
        return tracks.LastIndexOf(SlateTracks.CardMark, StringComparison.Ordinal) is > 0 and var card ? tracks[..card] : tracks;
    }

    /// <summary>Whether two slates are of the same tracks, so that readers of one can stay for the other, and made in the same way.</summary>
    public static bool HaveSameTracks(string one, string other) => TracksOf(one) == TracksOf(other);

    private static string TracksOf(string file) => Path.GetFileNameWithoutExtension(file) is var name && name.LastIndexOf(SlateTracks.CardMark, StringComparison.Ordinal) is > 0 and var card ? name[..card] : name;
}

using Streams.Grains.Continuity.Slates;

namespace Streams.Grains.Continuity;

/// <summary>What the name of a slate's file tells.</summary>
internal static class SlateFiles
{
    /// <summary>Whether Streams made the file, on whichever machine.</summary>
    public static bool IsOurs(string file) => Path.GetFileName(file).StartsWith(SlateTracks.NamePrefix, StringComparison.Ordinal);

    /// <summary>Its tracks, in short.</summary>
    public static string Describe(string file) => Path.GetFileNameWithoutExtension(file) is var name && name.IndexOf('-', SlateTracks.NamePrefix.Length) is > 0 and var at ? name[(at + 1)..] : name;
}

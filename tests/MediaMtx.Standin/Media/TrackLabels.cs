namespace MediaMtx.Standin.Media;

/// <summary>Tracks in words.</summary>
internal static class TrackLabels
{
    /// <summary>As MediaMTX's log has it: <c>2 tracks (H264, MPEG-4 Audio)</c>.</summary>
    public static string Describe(IReadOnlyList<Track> tracks) =>
        $"{tracks.Count} {(tracks.Count == 1 ? "track" : "tracks")} ({string.Join(", ", tracks.Select(track => track.Codec))})";
}

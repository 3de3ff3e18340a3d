using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>Hears from what is pulled.</summary>
internal interface ISourceOwner
{
    /// <summary>The stream is there.</summary>
    /// <returns>What to write to; null and the reason when it is not wanted.</returns>
    (MediaInput? Input, string Error) SourceReady(string name, IPathUser source, IReadOnlyList<Track> tracks);

    /// <summary>The stream has ended.</summary>
    void SourceNotReady(string name, IPathUser source);
}

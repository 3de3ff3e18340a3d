using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Paths;

/// <summary>Starts what pulls streams for the paths whose <c>source</c> is a URL.</summary>
internal interface IStaticSources
{
    /// <summary>Starts to pull, and to pull again after a pause whenever it ends, until it is terminated. It returns at once and calls back from elsewhere.</summary>
    /// <param name="name">The path.</param>
    /// <param name="path">Its configuration.</param>
    /// <param name="url">The URL, with what the path's expression matched in it.</param>
    /// <param name="owner">Told when the stream comes and goes.</param>
    IPathUser Start(string name, PathConfig path, string url, ISourceOwner owner);
}

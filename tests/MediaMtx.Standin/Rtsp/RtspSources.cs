using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Pulls streams by RTSP.</summary>
internal sealed class RtspSources(ServerConfig config, ServerLog log, TimeProvider clock) : IStaticSources
{
    public IPathUser Start(string name, PathConfig path, string url, ISourceOwner owner)
    {
        RtspSource source = new(name, new Uri(url), owner, config, log, clock);
        source.Start();
        return source;
    }
}

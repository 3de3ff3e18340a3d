using Streams.Testing;
using Streams.Verify.Systems;

namespace Streams.Verify.Audience;

/// <summary>The media server's program and hook that the developer's system has, told to the helpers of tests by the environment, until it is disposed.</summary>
internal sealed class MediaPrograms(LocalSystem main) : IDisposable
{
    private const string Program = "MEDIAMTX_BIN";
    private const string Hook = "MTX_HOOK_BIN";

    private readonly Variables _variables = new((Program, main.MediaMtxFile), (Hook, Path.Combine(main.Folder, "bin", "mtx-hook")));

    /// <summary>Which media server that is.</summary>
    public MediaServerKind Kind => main.MediaMtxFile is null ? MediaServerKind.Standin : MediaServerKind.MediaMtx;

    public void Dispose() => _variables.Dispose();
}

namespace Streams.Grains.MediaMtx;

/// <summary>How MediaMTX knows who may publish and read.</summary>
public enum MediaAuthMethod
{
    /// <summary>By the users of its own configuration; all workers have one password.</summary>
    Internal,

    /// <summary>By asking Streams (<c>/v1/mediamtx/auth</c>); each run of a worker has a key of its own, which ends with it.</summary>
    Http,
}

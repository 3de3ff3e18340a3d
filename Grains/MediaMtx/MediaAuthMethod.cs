namespace Streams.Grains.MediaMtx;

/// <summary>How MediaMTX authorizes publishers and readers.</summary>
public enum MediaAuthMethod
{
    /// <summary>By the users in its own configuration; all workers share one password.</summary>
    Internal,

    /// <summary>By a request to Streams (<c>/v1/mediamtx/auth</c>); each worker run has its own key, which is valid only during the run.</summary>
    Http,
}

namespace Streams.Api.Access;

/// <summary>What the holder of an access token may do.</summary>
internal enum AccessRole
{
    /// <summary>See: streams, nodes, history, feed, metrics, dashboard, pages, documents.</summary>
    Reader,

    /// <summary>See, and command streams.</summary>
    Operator,

    /// <summary>Post the events of MediaMTX's hooks, and nothing else.</summary>
    Hook,
}

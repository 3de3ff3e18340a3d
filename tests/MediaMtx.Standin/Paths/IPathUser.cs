namespace MediaMtx.Standin.Paths;

/// <summary>Who publishes a path or reads one.</summary>
internal interface IPathUser
{
    /// <summary>The kind as hooks and the Control API name it: <c>rtmpConn</c>, <c>rtspSession</c>, <c>rtspSource</c>.</summary>
    string Kind { get; }

    /// <summary>Its id; hooks and the Control API show the same. Empty for a source that is pulled.</summary>
    string Id { get; }

    /// <summary>Ends it soon. It returns at once, and is called while paths are locked: it must not call back.</summary>
    void Terminate();

    /// <summary>Logs under its name.</summary>
    void Log(string message);
}

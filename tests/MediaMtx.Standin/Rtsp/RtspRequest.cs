namespace MediaMtx.Standin.Rtsp;

/// <summary>One request (RFC 2326).</summary>
internal sealed record RtspRequest(string Method, string Url, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Path and query of the URL; the path without slashes around it.</summary>
    public (string Path, string Query) Target
    {
        get
        {
            int host = Url.IndexOf("://", StringComparison.Ordinal);
            int slash = Url.IndexOf('/', host < 0 ? 0 : host + 3);
            string rest = slash < 0 ? "" : Url[slash..];
            int query = rest.IndexOf('?', StringComparison.Ordinal);
            string path = Uri.UnescapeDataString(query < 0 ? rest : rest[..query]).Trim('/');
            return (path, query < 0 ? "" : rest[(query + 1)..].TrimEnd('/'));
        }
    }
}

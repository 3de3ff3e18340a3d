using System.Net;

namespace MediaMtx.Standin.Rtmp;

/// <summary>What a client's <c>tcUrl</c> and stream key say together.</summary>
/// <param name="Path">The path, without slashes at its start.</param>
/// <param name="Query">The query as sent, without its question mark.</param>
internal sealed record StreamAddress(string Path, string Query)
{
    public string User => Value("user");

    public string Password => Value("pass");

    /// <summary>Joins both, as MediaMTX does.</summary>
    public static StreamAddress Join(string url, string key)
    {
        string joined = url.Trim('\'') + (key.Length > 0 && key[0] != '?' ? "/" + key : "");
        int host = joined.IndexOf("://", StringComparison.Ordinal);
        int path = joined.IndexOf('/', host < 0 ? 0 : host + 3);
        string rest = path < 0 ? "" : joined[path..];
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        return new StreamAddress(
            Uri.UnescapeDataString(query < 0 ? rest : rest[..query]).TrimStart('/'),
            query < 0 ? "" : rest[(query + 1)..]);
    }

    private string Value(string name)
    {
        foreach (string pair in Query.Split('&'))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && WebUtility.UrlDecode(pair[..equals]) == name)
            {
                return WebUtility.UrlDecode(pair[(equals + 1)..]);
            }
        }

        return "";
    }
}

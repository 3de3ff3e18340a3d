using System.Net;

namespace Streams.Hooks;

/// <summary>Makes the publisher's query, as MediaMTX hands it over, fit to be sent and stored.</summary>
internal static class PublisherQuery
{
    /// <summary>The longest query that the schema of the hook events takes.</summary>
    internal const int MaxLength = 4096;

    private static readonly string[] CredentialKeys = ["user", "pass", "password", "token", "jwt"];

    /// <summary>The query as the publisher wrote it, without credentials, its pairs otherwise untouched and in order.</summary>
    /// <param name="value">The value of MTX_QUERY; null when it is not set.</param>
    internal static string Clean(string? value)
    {
        string query = Unescaped(value ?? "");
        List<string> kept = [];
        int length = 0;
        foreach (string pair in query.Split('&'))
        {
            // An event without its last parameters still starts the stream; one that the API must refuse does not.
            if (!IsCredential(pair) && length + pair.Length <= MaxLength)
            {
                kept.Add(pair);
                length += pair.Length + 1;
            }
        }

        return string.Join('&', kept);
    }

    // MediaMTX escapes the query as a whole since 1.18.1 and handed it over raw before. Escaped, it has neither sign.
    private static string Unescaped(string value) =>
        value.AsSpan().ContainsAny('=', '&') ? value : WebUtility.UrlDecode(value);

    private static bool IsCredential(string pair)
    {
        int end = pair.IndexOf('=');
        string key = WebUtility.UrlDecode(end < 0 ? pair : pair[..end]);
        return CredentialKeys.Contains(key, StringComparer.OrdinalIgnoreCase);
    }
}

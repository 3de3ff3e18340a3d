using System.Net;
using System.Text.Encodings.Web;

namespace Streams.Hooks;

/// <summary>Makes the publisher's query, as MediaMTX hands it over, fit to be sent and stored.</summary>
internal static class PublisherQuery
{
    /// <summary>The longest query that the schema of the hook events takes.</summary>
    internal const int MaxLength = 4096;

    /// <summary>
    /// The most bytes that it may have as JSON, where many signs have six: the API takes a body of 16,384, and the other fields have less
    /// than 1,000.
    /// </summary>
    internal const int MaxJsonLength = 15_000;

    /// <summary>The length of <c>\u0026</c>.</summary>
    private const int JsonOfSeparator = 6;

    private static readonly string[] CredentialKeys = ["user", "pass", "password", "token", "jwt"];

    /// <summary>The query as the publisher wrote it, without credentials, its pairs otherwise untouched and in order.</summary>
    /// <param name="value">The value of MTX_QUERY; null when it is not set.</param>
    internal static string Clean(string? value)
    {
        string query = Unescaped(value ?? "");
        List<string> kept = [];
        int length = 0;
        int jsonLength = 0;
        foreach (string pair in query.Split('&'))
        {
            // An event without some of its parameters still starts the stream; one that the API must refuse does not.
            int jsonOfPair = JavaScriptEncoder.Default.Encode(pair).Length;
            if (!IsCredential(pair) && length + pair.Length <= MaxLength && jsonLength + jsonOfPair <= MaxJsonLength)
            {
                kept.Add(pair);
                length += pair.Length + 1;
                jsonLength += jsonOfPair + JsonOfSeparator;
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

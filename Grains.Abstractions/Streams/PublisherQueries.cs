using System.Net;
using System.Text.Encodings.Web;

namespace Streams;

/// <summary>
/// Which part of a publisher's query is passed on. <c>mtx-hook</c>, which refers to no other project, compiles this very file: what
/// the poll learns from the Control API is then what the hook sends, however long the query is.
/// </summary>
public static class PublisherQueries
{
    /// <summary>The longest query that the schema of the hook events takes, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// The most bytes that a query may have as JSON, where many characters have six: the API takes a body of 16,384, and the other fields
    /// have less than 1,000.
    /// </summary>
    public const int MaxJsonLength = 15_000;

    /// <summary>The length of <c>\u0026</c>.</summary>
    private const int JsonOfSeparator = 6;

    private static readonly string[] CredentialKeys = ["user", "pass", "password", "token", "jwt"];

    /// <summary>The query without credentials and without the pairs that are too much; the others untouched and in order.</summary>
    /// <param name="query">The query as the publisher wrote it, as the Control API tells it.</param>
    public static string Fit(string query)
    {
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

    private static bool IsCredential(string pair)
    {
        int end = pair.IndexOf('=');
        string key = WebUtility.UrlDecode(end < 0 ? pair : pair[..end]);
        return CredentialKeys.Contains(key, StringComparer.OrdinalIgnoreCase);
    }
}

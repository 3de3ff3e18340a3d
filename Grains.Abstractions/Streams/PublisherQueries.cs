using System.Net;
using System.Text.Encodings.Web;

namespace Streams;

/// <summary>
/// Reduces a publisher's query to the part that is passed on. <c>mtx-hook</c>, which references no other project, compiles this file too, so
/// that hook and poll report the same query, however long it is.
/// </summary>
public static class PublisherQueries
{
    /// <summary>The longest query that the schema of the hook events allows, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// The longest query as JSON, in bytes; an escaped character has six. The API accepts a body of 16,384 bytes, and the other fields need
    /// less than 1,000.
    /// </summary>
    public const int MaxJsonLength = 15_000;

    /// <summary>The length of <c>\u0026</c>.</summary>
    private const int JsonOfSeparator = 6;

    private static readonly string[] CredentialKeys = ["user", "pass", "password", "token", "jwt"];

    /// <summary>The query without credentials and without the pairs that exceed the limits; the other pairs are unchanged and in order.</summary>
    /// <param name="query">The query as the publisher wrote it, as the Control API shows it.</param>
    public static string Fit(string query)
    {
        List<string> kept = [];
        int length = 0;
        int jsonLength = 0;
        foreach (string pair in query.Split('&'))
        {
            // An event that lacks some parameters still starts the stream; one that the API must refuse does not.
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

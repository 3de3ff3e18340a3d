using System.Net;

namespace Streams.Hooks;

/// <summary>Makes the publisher's query, as MediaMTX hands it over, fit to be sent and stored.</summary>
internal static class PublisherQuery
{
    /// <summary>The query as the publisher wrote it, without credentials, its pairs otherwise untouched and in order.</summary>
    /// <param name="value">The value of MTX_QUERY; null when it is not set.</param>
    internal static string Clean(string? value) => PublisherQueries.Fit(Unescaped(value ?? ""));

    // MediaMTX escapes the query as a whole since 1.18.1 and handed it over raw before. Escaped, it has neither sign.
    private static string Unescaped(string value) =>
        value.AsSpan().ContainsAny('=', '&') ? value : WebUtility.UrlDecode(value);
}

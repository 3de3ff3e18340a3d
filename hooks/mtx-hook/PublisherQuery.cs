using System.Net;

namespace Streams.Hooks;

/// <summary>Cleans the publisher's query from MediaMTX, so that it can be sent and stored.</summary>
internal static class PublisherQuery
{
    /// <summary>The query as the publisher wrote it, without credentials. The other pairs are unchanged and in order.</summary>
    /// <param name="value">The value of MTX_QUERY; null when it is not set.</param>
    internal static string Clean(string? value) => PublisherQueries.Fit(Unescaped(value ?? ""));

    // MediaMTX escapes the query as a whole since 1.18.1; before, it was raw. An escaped query contains neither = nor &.
    private static string Unescaped(string value) =>
        value.AsSpan().ContainsAny('=', '&') ? value : WebUtility.UrlDecode(value);
}

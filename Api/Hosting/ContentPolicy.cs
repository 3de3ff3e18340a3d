namespace Streams.Api.Hosting;

/// <summary>
/// Metadata of an endpoint that answers with a page: what the page may load and do, as a Content-Security-Policy. Without it an
/// answer may do nothing in a browser.
/// </summary>
/// <param name="value">The header's value.</param>
public sealed class ContentPolicy(string value)
{
    /// <summary>The header's value.</summary>
    public string Value { get; } = value;
}

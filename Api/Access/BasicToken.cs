using System.Text;

namespace Streams.Api.Access;

/// <summary>
/// Metadata of an endpoint that takes a token as the password of <c>Authorization: Basic</c> too, since its caller can put one nowhere but into a
/// URL. Browsers send Basic by themselves once they know it, so nothing that they use may have this.
/// </summary>
internal sealed class BasicToken
{
    private const string Prefix = "Basic ";

    private BasicToken()
    {
    }

    public static BasicToken Accepted { get; } = new();

    /// <summary>The token of a header; null when there is none, or the request's endpoint does not take it so.</summary>
    public static string? Of(HttpContext context, string header)
    {
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || context.GetEndpoint()?.Metadata.GetMetadata<BasicToken>() is null)
        {
            return null;
        }

        byte[] bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[Prefix.Length..].Trim(), bytes, out int length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] ? password : null
            : null;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Streams.Api.Problems;

namespace Streams.Api.Pages;

/// <summary>
/// The player of a stream's preview, a document for a frame. Its hls.js comes from the media server, so it runs in a sandbox with an origin of its own:
/// that script can neither see nor command anything of this service. What it plays, the page around the frame loads for it.
/// </summary>
internal static class PlayerPage
{
    private const string Style =
        """
        html,body{margin:0;height:100%;overflow:hidden;background:#1e1e1e}
        video{width:100%;height:100%}
        p{position:absolute;inset:0;margin:0;padding:1rem;display:grid;place-items:center;text-align:center;color:#fff;text-shadow:0 0 5px #000;font:1rem/1.5 system-ui,sans-serif;pointer-events:none}
        """;

    private static readonly string Script = PageAssets.TextOf("player-watch.js") + PageAssets.TextOf("player-loader.js") + PageAssets.TextOf("player.js");
    private static readonly string Hashes = $"style-src '{HashOf(Style)}'; script-src '{HashOf(Script)}'";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/streams/{id}/preview/{side}", Show);

    /// <summary>Its address, from the service's root on.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="side"><c>in</c> or <c>out</c>.</param>
    /// <param name="node">The media server.</param>
    public static string UrlOf(string id, string side, string node) => $"/streams/{Uri.EscapeDataString(id)}/preview/{side}?node={Uri.EscapeDataString(node)}";

    internal static IResult Show(string id, string side, string? node, PageFrames frames, HttpContext context)
    {
        PageFrame frame = frames.For(context);
        if (!StreamId.TryParse(id, out StreamId streamId) || side is not ("in" or "out") || !frame.Previews.TryGetValue(node ?? "", out string? origin))
        {
            return ApiProblems.OfStatus(StatusCodes.Status404NotFound);
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.XFrameOptions = "SAMEORIGIN";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; {Hashes} {origin}; media-src blob: {origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts";
        return TypedResults.Content(Render(streamId, $"{origin}/live/{streamId}/{side}/"), "text/html; charset=utf-8", Encoding.UTF8);
    }

    private static string Render(StreamId id, string url) => $"""
        <!doctype html>
        <html lang="en" data-stream="{HtmlEncoder.Default.Encode(url)}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>{HtmlEncoder.Default.Encode(id.ToString())} - Streams</title>
        <style>{Style}</style>
        </head>
        <body>
        <video id="video" controls muted autoplay playsinline></video>
        <p id="message" role="status"></p>
        <script>{Script}</script>
        </body>
        </html>
        """;

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}

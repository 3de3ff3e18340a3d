using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Streams.Api.Access;

/// <summary>The sign-in form: one field, no script.</summary>
internal static class SignInPage
{
    public const string TokenField = "token";

    private const string Style =
        """
        :root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
        body{display:grid;min-height:90vh;margin:0;place-items:center}
        main{width:min(22rem,90vw)}
        h1{font-size:1.4rem}
        label,input,button{display:block;box-sizing:border-box;width:100%;font:inherit}
        input,button{margin-top:.4rem;padding:.6rem}
        button{margin-top:1rem;cursor:pointer}
        .error{padding:.6rem;border-left:.3rem solid #c00;background:#c002}
        """;

    /// <summary>Its own style, its own form, and nothing else.</summary>
    public static readonly string ContentPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <param name="action">Where the form is sent.</param>
    /// <param name="antiForgery">Its anti-forgery token.</param>
    /// <param name="error">What went wrong the last time; null at first.</param>
    public static string Render(string action, string antiForgery, string? error)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        string message = error is null ? "" : $"""<p class="error" id="error" role="alert">{html.Encode(error)}</p>""";
        string described = error is null ? "" : """ aria-invalid="true" aria-describedby="error" """;
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>Sign in - Streams</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>Streams</h1>
            {message}
            <form method="post" action="{html.Encode(action)}">
            <input type="hidden" name="{AntiForgery.Field}" value="{html.Encode(antiForgery)}">
            <label for="token">Access token</label>
            <input id="token" name="{TokenField}" type="password" autocomplete="current-password" autofocus required{described}>
            <button type="submit">Sign in</button>
            </form>
            </main>
            </body>
            </html>
            """;
    }
}

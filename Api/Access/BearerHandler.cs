using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Streams.Api.Logging;

namespace Streams.Api.Access;

/// <summary>Reads <c>Authorization: Bearer</c>. While no token is set up, everybody who is on this machine is an operator.</summary>
internal sealed partial class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccessTokens tokens, RefusalLog refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(tokens.IsOpen ? Open() : Read());

    // An attacker's site can point its own name at this machine and then counts as the same site. It cannot make a browser ask for an
    // address or for localhost. And a proxy on this machine may speak for somebody who is not on it.
    private AuthenticateResult Open() =>
        Request.Host.Host is var host && (host == "localhost" || IPAddress.TryParse(host.Trim('[', ']'), out _))
        && Context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
            ? Success(AccessIdentity.Everybody(Scheme.Name))
            : AuthenticateResult.Fail("The host name or the client is not this machine's.");

    private AuthenticateResult Read()
    {
        string header = Request.Headers.Authorization.ToString();
        string? secret = header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : BasicToken.Of(Context, header);
        if (secret is null)
        {
            return AuthenticateResult.NoResult();
        }

        Attempt attempt = tokens.Try(Context.Connection.RemoteIpAddress, secret);
        if (attempt.Token is { } token)
        {
            return Success(AccessIdentity.Of(token, Scheme.Name));
        }

        if (!attempt.IsBlocked && refusals.Admits(RefusalKind.UnknownToken))
        {
            LogUnknown(Logger, Context.Connection.RemoteIpAddress, Request.Method, LogText.Of(Request.Path.Value));
        }

        Context.Features.Set(attempt);
        return AuthenticateResult.Fail("The token is not known.");
    }

    private AuthenticateResult Success(ClaimsPrincipal who) => AuthenticateResult.Success(new AuthenticationTicket(who, Scheme.Name));

    [LoggerMessage(1711, LogLevel.Warning, "A token that is not known came from {RemoteAddress}, for {Method} {RequestPath}")]
    private static partial void LogUnknown(ILogger logger, IPAddress? remoteAddress, string method, string requestPath);
}

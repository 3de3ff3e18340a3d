using System.Text;
using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Net;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Asks whether a client may do what it wants, and makes the answer when it may not.</summary>
internal sealed class RtspAccess(ServerContext context, Connection connection)
{
    private readonly Guid _id = Guid.NewGuid();

    /// <summary>Checks a request.</summary>
    /// <returns>The path's configuration and the user, or the refusal.</returns>
    public async ValueTask<(PathMatch? Match, string User, RtspResponse Refusal)> Check(RtspRequest request, string action, string path)
    {
        (string user, string password) = Credentials(request.Header("Authorization"));
        AccessRequest wanted = new(action, path, user, password, connection.Remote.Address)
        {
            Protocol = "rtsp",
            Id = _id,
            Query = request.Target.Query,
            UserAgent = request.Header("User-Agent"),
        };
        AccessAnswer answer = await context.Paths.Authorize(wanted, connection.Closing);
        if (answer.Match is not null)
        {
            return (answer.Match, user, RtspResponse.Ok);
        }

        if (!answer.IsDenied)
        {
            return (null, "", new RtspResponse(400) { Closes = answer.Error });
        }

        RtspResponse refusal = new(401) { Headers = [("WWW-Authenticate", "Basic realm=\"ipcam\"")] };
        if (wanted.IsAnonymous)
        {
            return (null, "", refusal);
        }

        context.Log.Warn($"[RTSP] [conn {connection.Remote}] {answer.Error}");
        await context.Authenticator.Pause(connection.Closing);
        return (null, "", refusal with { Closes = answer.Error });
    }

    private static (string User, string Password) Credentials(string header)
    {
        const string Basic = "Basic ";
        Span<byte> bytes = new byte[header.Length];
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) ||
            !Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out int length))
        {
            return ("", "");
        }

        string[] parts = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
        return parts.Length == 2 ? (parts[0], parts[1]) : ("", "");
    }
}

using System.Net;
using System.Text;
using MediaMtx.Standin.Auth;

namespace MediaMtx.Standin.Http;

/// <summary>Lets a request through, or answers it with 401.</summary>
internal sealed class HttpAccess(ServerContext context)
{
    /// <summary>Checks a request, and answers it when it is refused.</summary>
    /// <returns>Whether it may go on.</returns>
    public async Task<bool> Allows(HttpContext http, string action, string path, string server)
    {
        (string user, string password, string token) = Credentials(http.Request.Headers.Authorization.ToString());
        AccessRequest request = new(action, path, user, password, http.Connection.RemoteIpAddress ?? IPAddress.None) { Token = token };
        string? refusal = await context.Authenticator.FindRefusal(request, http.RequestAborted);
        if (refusal is null)
        {
            return true;
        }

        if (request.IsAnonymous)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"mediamtx\"";
        }
        else
        {
            context.Log.Warn($"[{server}] [conn {http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}] " +
                $"failed to authenticate: {refusal}");
            await context.Authenticator.Pause(http.RequestAborted);
        }

        await Answers.Error(http, StatusCodes.Status401Unauthorized, "authentication error");
        return false;
    }

    private static (string User, string Password, string Token) Credentials(string header)
    {
        string pair = header switch
        {
            ['B', 'a', 's', 'i', 'c', ' ', .. string encoded] => Decode(encoded),
            ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. string token] => token,
            _ => "",
        };
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? (pair[..colon], pair[(colon + 1)..], "")
            : ("", "", header.StartsWith("Bearer ", StringComparison.Ordinal) ? pair : "");
    }

    private static string Decode(string encoded)
    {
        Span<byte> bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out int length) ? Encoding.UTF8.GetString(bytes[..length]) : "";
    }
}

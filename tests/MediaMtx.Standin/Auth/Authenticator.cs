using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Auth;

/// <summary>Decides by MediaMTX's internal users, or asks the server of <c>authHTTPAddress</c>.</summary>
internal sealed class Authenticator(ServerConfig config) : IDisposable
{
    private readonly HttpAuthenticator? _http = config.AuthHttpAddress is null ? null : new HttpAuthenticator(config.AuthHttpAddress, config.ReadTimeout, config.Version.HasUserAgents);

    /// <summary>Why it is refused; null when it is allowed.</summary>
    public async ValueTask<string?> FindRefusal(AccessRequest request, CancellationToken cancellation)
    {
        if (_http is null)
        {
            return IsUser(request) ? null : "authentication failed";
        }

        return Permits(config.AuthHttpExclude, request) ? null : await _http.FindRefusal(request, cancellation);
    }

    public void Dispose() => _http?.Dispose();

    /// <summary>Waits after wrong credentials, as MediaMTX does to slow guessing down.</summary>
    public Task Pause(CancellationToken cancellation) => config.AuthPause > TimeSpan.Zero
        ? Task.Delay(config.AuthPause * Random.Shared.NextDouble(), cancellation)
        : Task.CompletedTask;

    private bool IsUser(AccessRequest request) => config.Users.Any(user =>
        ComesFrom(user.Addresses, request.Address) && Permits(user.Permissions, request) && Is(user, request));

    private static bool Is(InternalUser user, AccessRequest request) =>
        user.Name == "any" || (Matches(user.Name, request.User) && Matches(user.Password, request.Password));

    private static bool Matches(string expected, string given)
    {
        const string Hashed = "sha256:";
        string value = expected.StartsWith(Hashed, StringComparison.Ordinal)
            ? Hashed + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(given)))
            : given;
        return string.Equals(expected, value, StringComparison.Ordinal);
    }

    private static bool ComesFrom(IReadOnlyList<string> allowed, IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Count == 0 || allowed.Any(entry =>
            IPNetwork.TryParse(entry, out IPNetwork network) ? network.Contains(plain) : IPAddress.TryParse(entry, out IPAddress? one) && one.Equals(plain));
    }

    private static bool Permits(IReadOnlyList<Permission> permissions, AccessRequest request) => permissions.Any(permission =>
        permission.Action == request.Action &&
        (request.Action is not ("publish" or "read" or "playback") || Covers(permission.Path, request.Path)));

    private static bool Covers(string rule, string path) => rule switch
    {
        "" => true,
        ['~', .. string pattern] => Regex.IsMatch(path, pattern, RegexOptions.CultureInvariant),
        _ => rule == path,
    };
}

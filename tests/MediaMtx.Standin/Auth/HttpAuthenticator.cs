using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Serialization;
using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Auth;

/// <summary>MediaMTX's <c>authMethod: http</c>: asks a server, which lets in with any 2xx. User and password in its address are sent as Basic, as Go does.</summary>
internal sealed class HttpAuthenticator : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly bool _hasUserAgents;

    public HttpAuthenticator(string address, TimeSpan timeout, bool hasUserAgents)
    {
        _hasUserAgents = hasUserAgents;
        UriBuilder plain = new(address);
        _http = new HttpClient { Timeout = timeout };
        if (plain.UserName.Length > 0)
        {
            string pair = $"{Uri.UnescapeDataString(plain.UserName)}:{Uri.UnescapeDataString(plain.Password)}";
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        (plain.UserName, plain.Password) = ("", "");
        _address = plain.Uri;
    }

    /// <summary>Asks; returns why it is refused, or null when it is allowed.</summary>
    public async ValueTask<string?> FindRefusal(AccessRequest request, CancellationToken cancellation)
    {
        Question question = new(
            (request.Address.IsIPv4MappedToIPv6 ? request.Address.MapToIPv4() : request.Address).ToString(),
            request.User, request.Password, request.Token.Length > 0 ? request.Token : request.Password,
            request.Action, request.Path, request.Protocol, request.Id, request.Query, _hasUserAgents ? request.UserAgent : null);
        try
        {
            using HttpResponseMessage answer = await _http.PostAsJsonAsync(_address, question, cancellation);
            string body = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"server replied with code {(int)answer.StatusCode}: {body}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return $"HTTP request failed: {failure.Message}";
        }
    }

    public void Dispose() => _http.Dispose();

    private sealed record Question(
        [property: JsonPropertyName("ip")] string Ip,
        [property: JsonPropertyName("user")] string User,
        [property: JsonPropertyName("password")] string Password,
        [property: JsonPropertyName("token")] string Token,
        [property: JsonPropertyName("action")] string Action,
        [property: JsonPropertyName("path")] string Path,
        [property: JsonPropertyName("protocol")] string Protocol,
        [property: JsonPropertyName("id")] Guid? Id,
        [property: JsonPropertyName("query")] string Query,
        [property: JsonPropertyName("userAgent"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UserAgent);
}

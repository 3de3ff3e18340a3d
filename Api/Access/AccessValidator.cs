using System.Net;
using Microsoft.Extensions.Options;
using Streams.Api.Hosting;

namespace Streams.Api.Access;

/// <summary>
/// Validates the tokens at the start, and refuses to listen where other machines reach it without any token. It reports all that is wrong, and
/// never a secret.
/// </summary>
internal sealed class AccessValidator(IConfiguration configuration) : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        List<string> errors = AccessTokens.FindErrors(options);
        if (options.IsOpen && (FindOpenAddress() ?? FindPublicHost()) is { } address)
        {
            errors.Add(
                $"{ApiOptions.Section}:{address}, which other machines may reach, and there is no access token: everybody could steer the streams. "
                + "Set at least one (in the environment: Streams__Access__Tokens__0__Role=operator, Streams__Access__Tokens__0__Name=ops, "
                + "Streams__Access__Tokens__0__Token=... of 16 characters or more, for example from 'openssl rand -hex 24'), "
                + $"or name a file of them in {AccessOptions.Section}:TokenFile; or stay on this machine with 127.0.0.1.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    // Null when only this machine reaches it; also when it is no address, which ApiOptions says itself.
    private string? FindOpenAddress()
    {
        string text = configuration[$"{ApiOptions.Section}:{nameof(ApiOptions.Address)}"] ?? new ApiOptions().Address;
        return IPAddress.TryParse(text, out IPAddress? address) && !IPAddress.IsLoopback(address) ? $"{nameof(ApiOptions.Address)} is {address}" : null;
    }

    private string? FindPublicHost()
    {
        string text = configuration[$"{ApiOptions.Section}:{nameof(ApiOptions.PublicUrl)}"] ?? "";
        return PublicAddress.IsAddress(text) && !new Uri(text).IsLoopback ? $"{nameof(ApiOptions.PublicUrl)} is {text}" : null;
    }
}

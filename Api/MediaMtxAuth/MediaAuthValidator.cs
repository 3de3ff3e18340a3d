using Microsoft.Extensions.Options;

namespace Streams.Api.MediaMtxAuth;

/// <summary>Validates the keys at the start: reports all that is wrong, and never a key.</summary>
internal sealed class MediaAuthValidator : IValidateOptions<MediaAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaAuthOptions options) =>
        PublishKeys.FindErrors(options) is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
}

using Microsoft.Extensions.Options;
using Streams.Api.MediaMtxAuth;
using Streams.Grains.MediaMtx;

namespace Streams.Silo.Hosting;

/// <summary>Refuses keys that MediaMTX would not check, since their owner would believe that they restrict access.</summary>
internal sealed class MediaKeysValidator(IOptions<MediaOptions> media) : IValidateOptions<MediaAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaAuthOptions options)
    {
        MediaOptions known;
        try
        {
            known = media.Value;
        }
        catch (OptionsValidationException)
        {
            return ValidateOptionsResult.Success; // Reported by its own validator.
        }

        bool hasKeys = options.PublishKeys.Count > 0 || options.DefaultPublishKey.Length > 0 || options.KeyFile.Length > 0 || options.ReadKey.Length > 0;
        return hasKeys && known.Auth == MediaAuthMethod.Internal
            ? ValidateOptionsResult.Fail(
                $"{MediaAuthOptions.Section} has keys (STREAMS_PUBLISH_KEY, STREAMS_PUBLISH_KEY_FILE or STREAMS_READ_KEY), but MediaMTX does not check them: with {MediaOptions.Section}:{nameof(known.Auth)} "
                + "(STREAMS_MEDIA_AUTH) internal everybody may publish and read. Set it to http, or leave the keys out.")
            : ValidateOptionsResult.Success;
    }
}

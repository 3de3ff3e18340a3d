using Microsoft.Extensions.Options;

namespace Streams.Grains.MediaMtx;

internal sealed class MediaOptionsValidator : IValidateOptions<MediaOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        if (MediaNodes.HostInUrl(options.Host) is null)
        {
            errors.AddError($"'{options.Host}' is no host name or address.", $"{MediaOptions.Section}:{nameof(options.Host)}");
        }

        MediaNodes.ErrorList wrong = new();
        MediaNodes.Read(options, wrong);
        foreach ((string setting, string problem) in wrong.All)
        {
            errors.AddError(problem, setting);
        }

        return errors.Build();
    }
}

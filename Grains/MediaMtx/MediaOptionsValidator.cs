using Microsoft.Extensions.Options;

namespace Streams;

internal sealed class MediaOptionsValidator : IValidateOptions<MediaOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
        {
            errors.AddError($"'{options.Host}' is no host name or address.", $"{MediaOptions.Section}:{nameof(options.Host)}");
        }

        CheckPort(options.RtspPort, nameof(options.RtspPort));
        CheckPort(options.RtmpPort, nameof(options.RtmpPort));
        CheckPort(options.ApiPort, nameof(options.ApiPort));
        return errors.Build();

        void CheckPort(int port, string property)
        {
            if (port is < 1 or > 65535)
            {
                errors.AddError($"{port} is no port; it must be 1 to 65535.", $"{MediaOptions.Section}:{property}");
            }
        }
    }
}

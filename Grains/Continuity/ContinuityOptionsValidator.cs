using Microsoft.Extensions.Options;

namespace Streams.Grains.Continuity;

internal sealed class ContinuityOptionsValidator : IValidateOptions<ContinuityOptions>
{
    public ValidateOptionsResult Validate(string? name, ContinuityOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        if (!Enum.IsDefined(options.Mode))
        {
            errors.AddError("must be Off or Keep", $"{ContinuityOptions.Section}:{nameof(options.Mode)}");
        }

        if (options.KeepFor < TimeSpan.Zero || options.KeepFor > TimeSpan.FromDays(1))
        {
            errors.AddError("must be 0 to 1 day", $"{ContinuityOptions.Section}:{nameof(options.KeepFor)}");
        }

        if (!Enum.IsDefined(options.Slate))
        {
            errors.AddError("must be Clear or Card", $"{ContinuityOptions.Section}:{nameof(options.Slate)}");
        }

        if (options is { Slate: SlateKind.Card, SlateCard.Length: 0 })
        {
            errors.AddError("is missing: the PNG or MP4 file that readers see with Slate=Card", $"{ContinuityOptions.Section}:{nameof(options.SlateCard)}");
        }

        return errors.Build();
    }
}

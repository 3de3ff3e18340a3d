using Microsoft.Extensions.Options;

namespace Streams.Api.MediaMtxAuth;

/// <summary>Validates the names of the media servers at the start. Where the silo is, it reports the same errors in the same words, and more.</summary>
internal sealed class ControlApiValidator : IValidateOptions<ControlApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ControlApiOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        foreach ((string setting, string problem) in MediaNodeNames.FindErrors(options))
        {
            errors.AddError(problem, setting);
        }

        return errors.Build();
    }
}

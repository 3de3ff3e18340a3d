using Microsoft.Extensions.Options;

namespace Streams;

internal sealed class RetryOptionsValidator : IValidateOptions<RetryOptions>
{
    public ValidateOptionsResult Validate(string? name, RetryOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        if (options.EffectiveDelays.Any(static delay => delay <= TimeSpan.Zero || delay > TimeSpan.FromHours(1)))
        {
            errors.AddError("each delay must be more than 0 and at most 1 h", $"{RetryOptions.Section}:{nameof(options.Delays)}");
        }

        if (options.SteadyAfter <= TimeSpan.Zero)
        {
            errors.AddError("must be more than 0", $"{RetryOptions.Section}:{nameof(options.SteadyAfter)}");
        }

        if (options.RecoveryDelay < TimeSpan.Zero || options.RecoveryDelay > TimeSpan.FromMinutes(1))
        {
            errors.AddError("must be 0 to 1 min", $"{RetryOptions.Section}:{nameof(options.RecoveryDelay)}");
        }

        return errors.Build();
    }
}

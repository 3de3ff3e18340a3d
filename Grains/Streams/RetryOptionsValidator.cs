using Microsoft.Extensions.Options;

namespace Streams.Grains.Streams;

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

        if (options.FailedEvery != TimeSpan.Zero && (options.FailedEvery < TimeSpan.FromSeconds(1) || options.FailedEvery > TimeSpan.FromDays(1)))
        {
            errors.AddError("must be 0 (never), or 1 s to 1 day", $"{RetryOptions.Section}:{nameof(options.FailedEvery)}");
        }

        return errors.Build();
    }
}

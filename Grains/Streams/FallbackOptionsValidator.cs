using Microsoft.Extensions.Options;

namespace Streams.Grains.Streams;

internal sealed class FallbackOptionsValidator : IValidateOptions<FallbackOptions>
{
    public ValidateOptionsResult Validate(string? name, FallbackOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        Check(options.ProveFor >= TimeSpan.Zero && options.ProveFor <= TimeSpan.FromMinutes(10), nameof(options.ProveFor), "must be 0 (from its first picture) to 10 min");
        Check(options.FirstPause >= TimeSpan.FromSeconds(1) && options.FirstPause <= TimeSpan.FromHours(1), nameof(options.FirstPause), "must be 1 s to 1 h");
        Check(options.LongestPause >= options.FirstPause && options.LongestPause <= TimeSpan.FromDays(1), nameof(options.LongestPause), $"must be {nameof(options.FirstPause)} to 1 day");
        return errors.Build();

        void Check(bool isRight, string setting, string what)
        {
            if (!isRight)
            {
                errors.AddError(what, $"{FallbackOptions.Section}:{setting}");
            }
        }
    }
}

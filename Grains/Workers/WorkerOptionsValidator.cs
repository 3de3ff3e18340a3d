using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Streams;

internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        Check(options.StopGrace >= TimeSpan.FromSeconds(0.1) && options.StopGrace <= TimeSpan.FromSeconds(60), nameof(options.StopGrace), "must be 0.1 s to 60 s");
        CheckTime(options.StallAfter, nameof(options.StallAfter));
        CheckTime(options.StartWithin, nameof(options.StartWithin));
        Check(options.MaxWorkers is >= 1 and <= 10_000, nameof(options.MaxWorkers), "must be 1 to 10000");
        Check(options.MaxConcurrentStarts is >= 1 and <= 1000, nameof(options.MaxConcurrentStarts), "must be 1 to 1000");
        Check(options.LogTailLines is >= 1 and <= 1000, nameof(options.LogTailLines), "must be 1 to 1000");
        Check(options.MaxLogLinesPerSecond is >= 1 and <= 10_000, nameof(options.MaxLogLinesPerSecond), "must be 1 to 10000");
        Check(options.Profiles.ContainsKey(options.DefaultProfile), nameof(options.DefaultProfile), $"names '{options.DefaultProfile}', which is not among the profiles");
        foreach ((string profileName, WorkerProfile profile) in options.Profiles)
        {
            Check(profile.Program.Length > 0, $"Profiles:{profileName}:Program", "is missing");
            foreach ((string key, QueryParameter parameter) in profile.Query)
            {
                Check(IsRegex(parameter.Pattern), $"Profiles:{profileName}:Query:{key}:Pattern", "is no regular expression");
            }
        }

        return errors.Build();

        void CheckTime(TimeSpan time, string setting) =>
            Check(time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromMinutes(10), setting, "must be 1 s to 10 min");

        void Check(bool holds, string setting, string problem)
        {
            if (!holds)
            {
                errors.AddError(problem, $"{WorkerOptions.Section}:{setting}");
            }
        }
    }

    private static bool IsRegex(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

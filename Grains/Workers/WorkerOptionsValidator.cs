using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;

namespace Streams.Grains.Workers;

internal sealed class WorkerOptionsValidator(IOptions<ContinuityOptions> continuity) : IValidateOptions<WorkerOptions>
{
    private const string Sound = $"{{{PlaceholderValues.AudioRate}}} and {{{PlaceholderValues.AudioChannels}}}";

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        Check(options.StopGrace >= TimeSpan.FromSeconds(0.1) && options.StopGrace <= TimeSpan.FromSeconds(60), nameof(options.StopGrace), "must be 0.1 s to 60 s");
        CheckTime(options.StallAfter, nameof(options.StallAfter));
        CheckTime(options.StartWithin, nameof(options.StartWithin));
        Check(options.MaxWorkers is >= 0 and <= 10_000, nameof(options.MaxWorkers), "must be 0 to 10000");
        Check(options.MaxConcurrentStarts is >= 1 and <= 1000, nameof(options.MaxConcurrentStarts), "must be 1 to 1000");
        Check(options.LogTailLines is >= 1 and <= 1000, nameof(options.LogTailLines), "must be 1 to 1000");
        Check(options.MaxLogLinesPerSecond is >= 1 and <= 10_000, nameof(options.MaxLogLinesPerSecond), "must be 1 to 10000");
        Check(options.Profiles.ContainsKey(options.DefaultProfile), nameof(options.DefaultProfile), $"names '{options.DefaultProfile}', which is not among the profiles");
        foreach ((string profileName, WorkerProfile profile) in options.Profiles)
        {
            Check(profile.Program.Length > 0, $"Profiles:{profileName}:Program", "is missing");
            Check(profile.Slots is >= 1 and <= 1000, $"Profiles:{profileName}:{nameof(profile.Slots)}", "must be 1 to 1000");
            CheckFallback(profileName, profile);
            Check(Enum.IsDefined(profile.Standby), $"Profiles:{profileName}:{nameof(profile.Standby)}", "must be None or Hot");
            Check(profile.Standby == StandbyMode.None || profile.Outputs.Any(static output => output.Kept), $"Profiles:{profileName}:{nameof(profile.Standby)}", "needs an output with Kept, which a standby can take over");
            foreach ((string key, QueryParameter parameter) in profile.Query)
            {
                Check(IsRegex(parameter.Pattern), $"Profiles:{profileName}:Query:{key}:Pattern", "is no regular expression");
            }

            for (int i = 0; i < profile.Outputs.Count; i++)
            {
                CheckOutput(profile.Outputs[i], $"Profiles:{profileName}:Outputs:{i}");
                CheckSound(profile.Outputs[i], $"Profiles:{profileName}:Outputs:{i}:{nameof(WorkerOutput.Arguments)}");
                bool isByRtsp = PlaceholderValues.NamesIn(profile.Arguments.Concat(profile.Outputs[i].Arguments)).Contains(PlaceholderValues.OutputRtsp);
                Check(!profile.Outputs[i].Kept || isByRtsp, $"Profiles:{profileName}:Outputs:{i}:{nameof(WorkerOutput.Kept)}", $"needs an argument with {{{PlaceholderValues.OutputRtsp}}}");
                string since = profile.Outputs[i].Since;
                Check(since.Length == 0 || Version.TryParse(since, out _), $"Profiles:{profileName}:Outputs:{i}:{nameof(WorkerOutput.Since)}", $"'{since}' is no version, such as 5.0");
            }

            Check(!PlaceholderValues.NamesIn(profile.Arguments.Concat(profile.Environment.Values)).Any(PlaceholderValues.IsSound), $"Profiles:{profileName}", $"may have {Sound} only among the Arguments of an output with Kept");
            foreach ((string codec, string version) in profile.Since)
            {
                Check(Version.TryParse(version, out _), $"Profiles:{profileName}:Since:{codec}", $"'{version}' is no version, such as 8.0");
            }

            foreach (string variable in profile.Environment.Keys.Concat(profile.PassEnvironment))
            {
                Check(WorkerEnvironment.IsName(variable), $"Profiles:{profileName}:Environment:{variable}", "is no name of a variable");
            }
        }

        return errors.Build();

        void CheckFallback(string profileName, WorkerProfile profile)
        {
            if (profile.Fallback.Length == 0)
            {
                return;
            }

            string setting = $"Profiles:{profileName}:{nameof(profile.Fallback)}";
            if (!options.Profiles.TryGetValue(profile.Fallback, out WorkerProfile? fallback))
            {
                Check(false, setting, $"names '{profile.Fallback}', which is not among the profiles");
                return;
            }

            Check(fallback.Fallback.Length == 0, setting, $"names '{profile.Fallback}', which has a fallback itself");
            Check(fallback.WritesOutput && profile.WritesOutput, setting, "needs two profiles that write the stream's output, {output} or {output.rtsp}");
            foreach (string problem in FallbackTracks.FindProblems(profileName, profile, fallback, FindMode()))
            {
                Check(false, setting, problem);
            }
        }

        void CheckSound(WorkerOutput output, string setting)
        {
            string[] used = [.. PlaceholderValues.NamesIn(output.Arguments).Where(PlaceholderValues.IsSound)];
            Check(used.Length != 1, setting, $"has {{{used.FirstOrDefault()}}} alone: it needs {Sound}");
            Check(used.Length == 0 || output.Kept, setting, $"may have {Sound} only with Kept");
        }

        void CheckOutput(WorkerOutput output, string setting)
        {
            Check(output.Video.Count + output.Audio.Count > 0, setting, "carries nothing: name codecs in Video or Audio");
            Check(output.MaxVideo is >= 1 and <= 16, $"{setting}:{nameof(output.MaxVideo)}", "must be 1 to 16");
            Check(output.MaxAudio is >= 1 and <= 16, $"{setting}:{nameof(output.MaxAudio)}", "must be 1 to 16");
            foreach ((string codec, bool isAudio) in output.Video.Select(static codec => (codec, false)).Concat(output.Audio.Select(static codec => (codec, true))))
            {
                Check(TrackCodecs.IsKnown(codec, isAudio), $"{setting}:{(isAudio ? nameof(output.Audio) : nameof(output.Video))}", $"'{codec}' is no such codec of MediaMTX");
            }
        }

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

    private ContinuityMode FindMode()
    {
        try
        {
            return continuity.Value.Mode;
        }
        catch (OptionsValidationException)
        {
            return ContinuityMode.Off; // What is wrong with them is said by their own validator.
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

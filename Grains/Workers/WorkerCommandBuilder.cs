using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Streams.Grains.Continuity.Slates;
using Streams.Grains.Os;

namespace Streams.Grains.Workers;

/// <summary>Makes a run's command from its profile and the tracks of its input.</summary>
internal sealed class WorkerCommandBuilder(IOptions<WorkerOptions> options, RunUrls urls, ProfileSecrets secrets, ProgramVersions versions)
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The command, or why there is none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="key">Its secret.</param>
    /// <param name="tracks">The input's tracks by codec; empty when they are unknown.</param>
    /// <param name="passed">How many of the outputs that would do were tried in vain.</param>
    /// <param name="kept">The output to use, for one that is kept; null to choose.</param>
    public (WorkerCommand? Command, WorkerExit? Refusal) Build(WorkerRun run, RunKey key, ImmutableArray<string> tracks, int passed = 0, KeptPick? kept = null)
    {
        (WorkerCommand? command, WorkerExit? refusal) = Choose(run, key, tracks, passed, kept);
        return (command is null ? null : command with { Tracks = tracks }, refusal is null ? null : refusal with { Tracks = tracks });
    }

    private (WorkerCommand? Command, WorkerExit? Refusal) Choose(WorkerRun run, RunKey key, ImmutableArray<string> tracks, int passed, KeptPick? kept)
    {
        WorkerOptions current = options.Value;
        string name = run.Profile ?? current.DefaultProfile;
        if (!current.Profiles.TryGetValue(name, out WorkerProfile? profile))
        {
            return Refuse(WorkerExitKind.ProfileUnknown, $"There is no worker profile '{name}'.", $"There are: {string.Join(", ", current.Profiles.Keys.Order())}. Add it below {WorkerOptions.Section}:Profiles or choose another.");
        }

        if (ProgramFinder.Find(profile.Program, out string? unusable) is not { } program)
        {
            return unusable is null
                ? Refuse(WorkerExitKind.ProgramMissing, $"Profile '{name}' runs '{profile.Program}', which is not on this machine's PATH.", "Install it (make setup installs ffmpeg), or name its absolute path in the profile.")
                : Refuse(WorkerExitKind.ProgramUnusable, $"Profile '{name}' runs '{unusable}', which is there and may not be executed.", $"Allow it (chmod a+rx {unusable}, a file system without noexec), or name another program.");
        }

        if (FindTooNew(profile, program, tracks) is { } tooNew)
        {
            return Refuse(WorkerExitKind.CodecUnsupported, tooNew, $"Install that version, or publish another codec{Others(name, tracks)}.");
        }

        WorkerOutput? output = kept?.Output ?? (profile.Outputs.Count > 0 ? OutputChoice.Find(profile, tracks, passed) : new WorkerOutput());
        if (output is null)
        {
            return Refuse(WorkerExitKind.CodecUnsupported, $"{OutputChoice.Explain(profile, tracks)} of profile '{name}'.", $"Publish H.264 and AAC{Others(name, tracks)}.");
        }

        string[] templates = [.. profile.Arguments, .. output.Arguments];
        return Expand(run, key, name, profile, program, templates, kept?.Tracks.Audio);
    }

    private (WorkerCommand? Command, WorkerExit? Refusal) Expand(WorkerRun run, RunKey key, string name, WorkerProfile profile, string program, string[] templates, SlateAudio? sound)
    {
        PlaceholderValues values = new()
        {
            ["input"] = urls.Input(run, key),
            [PlaceholderValues.Output] = urls.Output(run, key),
            [PlaceholderValues.OutputRtsp] = urls.OutputRtsp(run, key),
            ["streamId"] = run.StreamId.Value,
            // Without sound the program has nothing to use them for, and reads them all the same.
            [PlaceholderValues.AudioRate] = (sound?.SampleRate ?? 48_000).ToString(CultureInfo.InvariantCulture),
            [PlaceholderValues.AudioChannels] = (sound?.Channels ?? 2).ToString(CultureInfo.InvariantCulture),
            [PlaceholderValues.KeptVideo] = KeptFilters.Video,
            [PlaceholderValues.KeptAudio] = KeptFilters.Audio,
        };
        if (AddQuery(profile, name, run.Source.Query, values) is { } error)
        {
            return Refuse(WorkerExitKind.ProfileInvalid, error, "Publish with another query, or change the profile.");
        }

        string[] used = [.. PlaceholderValues.NamesIn(templates.Concat(profile.Environment.Values))];
        List<(string, string)> hidden = [.. urls.Secrets(key)];
        foreach (string secret in used.Where(static used => used.StartsWith(PlaceholderValues.SecretPrefix, StringComparison.Ordinal)))
        {
            (string? value, string? problem) = secrets.Find(secret[PlaceholderValues.SecretPrefix.Length..]);
            if (value is null)
            {
                return Refuse(WorkerExitKind.SecretMissing, $"Profile '{name}' uses {{{secret}}}, but {problem}.", "Provide it: docs/workers.md says how.");
            }

            values[secret] = value;
            hidden.Add((value, $"{{{secret}}}"));
        }

        if (templates.FirstOrDefault(template => values.FindOption(template) is not null) is { } option)
        {
            return Refuse(WorkerExitKind.ProfileInvalid, $"In profile '{name}' the argument {option} would become an option of the program: its value begins with '-'.", "Publish with another value, or put the placeholder behind a fixed text in the profile.");
        }

        Dictionary<string, string> environment = WorkerEnvironment.Select([.. options.Value.PassEnvironment, .. profile.PassEnvironment]);
        foreach ((string variable, string value) in profile.Environment)
        {
            environment[variable] = values.Expand(value);
        }

        bool publishes = used.Any(static used => used is PlaceholderValues.Output or PlaceholderValues.OutputRtsp);
        return (new WorkerCommand(program, [.. templates.Select(values.Expand)], profile.Progress)
        {
            Environment = environment,
            Secrets = new SecretRedactor(hidden),
            Output = publishes ? new StreamPath(run.StreamId, PathRole.Output) : null,
        }, null);
    }

    private string? FindTooNew(WorkerProfile profile, string program, ImmutableArray<string> tracks)
    {
        foreach (string codec in tracks.Distinct())
        {
            if (profile.Since.TryGetValue(codec, out string? since) && versions.Find(program) is { } version && version < Version.Parse(since))
            {
                return $"The input's {TrackCodecs.KindOf(codec)} codec {codec} cannot be read by {Path.GetFileName(program)} {version}: {since} and later can.";
            }
        }

        return null;
    }

    /// <summary>The profiles that would take the tracks, as an advice.</summary>
    private string Others(string name, ImmutableArray<string> tracks)
    {
        string[] others =
        [
            .. options.Value.Profiles
                .Where(other => other.Key != name && other.Value.Outputs.Count > 0 && OutputChoice.Find(other.Value, tracks) is not null)
                .Where(other => ProgramFinder.Find(other.Value.Program, out _) is { } program && FindTooNew(other.Value, program, tracks) is null)
                .Select(static other => other.Key)
                .Order(StringComparer.Ordinal),
        ];
        return others.Length > 0 ? $", or choose profile {string.Join(" or ", others.Select(static other => $"'{other}'"))}, which takes it" : "";
    }

    private static string? AddQuery(WorkerProfile profile, string name, string query, PlaceholderValues values)
    {
        Dictionary<string, StringValues> given = QueryHelpers.ParseQuery(query);
        foreach ((string key, QueryParameter parameter) in profile.Query)
        {
            string? value = given.TryGetValue(key, out StringValues found) ? found[^1] : parameter.Default;
            if (value is null)
            {
                return $"Profile '{name}' needs '{key}' in the publisher's query, for example ?{key}=...; it gave none.";
            }

            if (FindMismatch(value, parameter.Pattern) is { } mismatch)
            {
                return $"Profile '{name}' takes '{key}' from the publisher's query, and its value {mismatch}.";
            }

            values.SetQuery(key, value);
        }

        return null;
    }

    private static string? FindMismatch(string value, string pattern)
    {
        try
        {
            return Regex.IsMatch(value, $"^(?:{pattern})\\z", RegexOptions.CultureInvariant, MatchTimeout) ? null : $"does not match {pattern}";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"takes too long to match against {pattern}";
        }
    }

    private static (WorkerCommand?, WorkerExit?) Refuse(WorkerExitKind kind, string reason, string remedy) =>
        (null, new WorkerExit(kind, $"{reason} {remedy}", null, null, []) { Fault = kind == WorkerExitKind.CodecUnsupported ? WorkerFault.Reading : WorkerFault.Starting, Remedy = remedy });
}

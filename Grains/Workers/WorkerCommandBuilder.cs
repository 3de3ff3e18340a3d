using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Streams;

/// <summary>Makes a run's command from its profile.</summary>
internal sealed partial class WorkerCommandBuilder(IOptions<WorkerOptions> options, MediaUrls urls)
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The command, or why there is none.</summary>
    public (WorkerCommand? Command, WorkerExit? Refusal) Build(WorkerRun run, RunKey key)
    {
        WorkerOptions current = options.Value;
        string name = run.Profile ?? current.DefaultProfile;
        if (!current.Profiles.TryGetValue(name, out WorkerProfile? profile))
        {
            return Invalid($"There is no worker profile '{name}'; there are: {string.Join(", ", current.Profiles.Keys.Order())}. Add it below {WorkerOptions.Section}:Profiles or choose another.");
        }

        if (ProgramFinder.Find(profile.Program) is not { } program)
        {
            string remedy = $"Profile '{name}' runs '{profile.Program}', which is not on this machine's PATH. Install it (make setup installs ffmpeg), or name its absolute path in the profile.";
            return (null, new WorkerExit(WorkerExitKind.ProgramMissing, remedy, null, null, []));
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal)
        {
            ["input"] = urls.Input(run.StreamId, key),
            ["output"] = urls.Output(run.StreamId, key),
            ["streamId"] = run.StreamId.Value,
        };
        if (AddQuery(profile, name, run.Source.Query, values) is { } error)
        {
            return Invalid(error);
        }

        ImmutableArray<string> arguments = [.. profile.Arguments.Select(argument => Expand(argument, values))];
        return (new WorkerCommand(program, arguments, profile.Progress), null);
    }

    private static string? AddQuery(WorkerProfile profile, string name, string query, Dictionary<string, string> values)
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

            values[$"query.{key}"] = value;
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

    private static string Expand(string argument, Dictionary<string, string> values) =>
        Placeholder().Replace(argument, match => values.GetValueOrDefault(match.Groups[1].Value, match.Value));

    private static (WorkerCommand?, WorkerExit?) Invalid(string reason) =>
        (null, new WorkerExit(WorkerExitKind.ProfileInvalid, reason, null, null, []));

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_.-]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}

using System.Text.Json;
using System.Text.RegularExpressions;
using MediaMtx.Standin.Paths;
using MediaMtx.Standin.Slates;

namespace MediaMtx.Standin.Configuration;

/// <summary>Makes paths' configurations of their settings.</summary>
internal static class PathConfigLoader
{
    // MediaMTX applies these to a path that runs.
    private static readonly string[] HotSettings = ["name", "forward", "record", "recordPath", "recordFormat", "recordPartDuration", "recordSegmentDuration", "recordDeleteAfter"];

    /// <summary>Loads all paths, in the order in which a path's name is looked for among them.</summary>
    /// <exception cref="ConfigException">One of them cannot be used.</exception>
    public static IReadOnlyList<PathConfig> Load(SettingsMap defaults, IReadOnlyDictionary<string, SettingsMap> paths, ServerVersion version, List<string> warnings)
    {
        List<PathConfig> loaded = [];
        foreach ((string name, SettingsMap own) in paths.OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            loaded.Add(Load(name, Merge(defaults, own), version, warnings));
        }

        return loaded.OrderBy(path => path.Pattern is not null)
            .ThenBy(path => path.Name is "all" or "all_others")
            .ThenBy(path => path.Name, StringComparer.Ordinal).ToList();
    }

    /// <summary>A path's own settings on top of the defaults.</summary>
    public static SettingsMap Merge(SettingsMap defaults, SettingsMap own)
    {
        SettingsMap merged = new(defaults);
        foreach ((string key, object? setting) in own)
        {
            merged[key] = setting;
        }

        return merged;
    }

    private static PathConfig Load(string name, SettingsMap merged, ServerVersion version, List<string> warnings)
    {
        Settings settings = new(merged);
        PathConfig path = new(name)
        {
            Pattern = Pattern(name),
            Source = settings.Text("source", "publisher"),
            SourceOnDemand = settings.Flag("sourceOnDemand", false),
            SourceOnDemandStartTimeout = settings.Duration("sourceOnDemandStartTimeout", "10s"),
            SourceOnDemandCloseAfter = settings.Duration("sourceOnDemandCloseAfter", "10s"),
            AlwaysAvailable = settings.Flag("alwaysAvailable", false),
            AlwaysAvailableTracks = [.. settings.Maps("alwaysAvailableTracks").Select(SlateTrack.Read)],
            AlwaysAvailableFile = settings.Text("alwaysAvailableFile", ""),
            OverridePublisher = settings.Flag("overridePublisher", true),
            OnAvailable = version.HasAvailableHooks ? OnAvailable(settings, warnings) : OnReady(settings),
            OnOnline = new HookPair(
                "runOnOnline", settings.Text("runOnOnline", ""), settings.Flag("runOnOnlineRestart", false), "runOnOffline", settings.Text("runOnOffline", "")),
            Forward = [.. settings.Maps("forward").Select(static forward => forward.Text("dest", ""))],
            MaxReaders = settings.Number("maxReaders", 0),
            Fingerprint = JsonSerializer.Serialize(
                merged.Where(setting => !HotSettings.Contains(setting.Key)).OrderBy(setting => setting.Key, StringComparer.Ordinal).ToDictionary()),
        };
        return FindError(path, settings, $"(or path '{version.AllOthers}')") is string error ? throw new ConfigException(error) : path;
    }

    private static HookPair OnReady(Settings settings) => new(
        "runOnReady", settings.Text("runOnReady", ""), settings.Flag("runOnReadyRestart", false), "runOnNotReady", settings.Text("runOnNotReady", ""));

    private static HookPair OnAvailable(Settings settings, List<string> warnings)
    {
        string begin = Renamed(settings, "runOnReady", "runOnAvailable", warnings);
        string restart = Renamed(settings, "runOnReadyRestart", "runOnAvailableRestart", warnings);
        string end = Renamed(settings, "runOnNotReady", "runOnUnavailable", warnings);
        return new HookPair("runOnAvailable", settings.Text(begin, ""), settings.Flag(restart, false), "runOnUnavailable", settings.Text(end, ""));
    }

    private static string Renamed(Settings settings, string old, string name, List<string> warnings)
    {
        if (!settings.Has(old))
        {
            return name;
        }

        warnings.Add($"parameter '{old}' is deprecated and has been replaced with '{name}'");
        return old;
    }

    private static string? FindError(PathConfig path, Settings settings, string aliases)
    {
        bool isRtsp = path.Source.StartsWith("rtsp://", StringComparison.Ordinal);
        return path switch
        {
            { Pattern: null } when PathNames.Validate(path.Name) is string wrong => $"invalid path name '{path.Name}': {wrong}",
            { HasStaticSource: true } when !isRtsp => path.Source.Contains("://", StringComparison.Ordinal)
                ? $"path '{path.Name}': the stand-in pulls by rtsp:// only"
                : $"invalid source: '{path.Source}'",
            { HasStaticSource: true } when !Uri.TryCreate(path.Source, UriKind.Absolute, out _) && !path.Source.Contains("$G", StringComparison.Ordinal) =>
                $"'{path.Source}' is not a valid URL",
            { SourceOnDemand: true, HasStaticSource: false } => "'sourceOnDemand' is useless when source is 'publisher'",
            { SourceOnDemand: false, HasStaticSource: true, Pattern: not null } =>
                $"a path with a regular expression {aliases} and a static source must have 'sourceOnDemand' set to true",
            { AlwaysAvailable: true } => FindSlateError(path, aliases),
            { Pattern: not null } when settings.Text("runOnInit", "").Length > 0 =>
                $"a path with a regular expression {aliases} does not support option 'runOnInit'; use another path",
            _ => null,
        };
    }

    private static string? FindSlateError(PathConfig path, string aliases)
    {
        switch (path)
        {
            case { Pattern: not null }:
                return $"'alwaysAvailable' cannot be used in a path with a regular expression {aliases}";
            case { SourceOnDemand: true }:
                return "'sourceOnDemand' is not compatible with 'alwaysAvailable'";
            case { AlwaysAvailableFile: "", AlwaysAvailableTracks: [] }:
                return "'alwaysAvailableTracks' must contain at least one track";
            case { AlwaysAvailableFile: not "", AlwaysAvailableTracks: not [] }:
                return "'alwaysAvailableFile' and 'alwaysAvailableTracks' cannot be used together";
            default:
                SlateSource.Make(path);
                return null;
        }
    }

    private static Regex? Pattern(string name)
    {
        if (name is "all" or "all_others")
        {
            return new Regex("^.*$", RegexOptions.CultureInvariant);
        }

        if (!name.StartsWith('~'))
        {
            return null;
        }

        try
        {
            // Go's "$" ends the text; .NET's also matches before a last line feed, which no valid path has.
            return new Regex(name[1..], RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            throw new ConfigException($"invalid regular expression: {name[1..]}");
        }
    }
}

using System.Text.RegularExpressions;

namespace MediaMtx.Standin.Configuration;

/// <summary>Reads <c>paths</c> and <c>pathDefaults</c>.</summary>
internal static class PathConfigLoader
{
    public static IReadOnlyList<PathConfig> Load(Settings settings, List<string> warnings)
    {
        Dictionary<string, object?> defaults = AsMap(settings.Map.GetValueOrDefault("pathDefaults"), "pathDefaults");
        Dictionary<string, object?> paths = AsMap(settings.Map.GetValueOrDefault("paths"), "paths");
        List<PathConfig> loaded = [];
        foreach ((string name, object? value) in paths)
        {
            Dictionary<string, object?> own = AsMap(value, $"paths.{name}");
            new Settings(own).Check(KnownSettings.Path);
            Dictionary<string, object?> merged = new(defaults, StringComparer.Ordinal);
            foreach ((string key, object? setting) in own)
            {
                merged[key] = setting;
            }

            loaded.Add(Load(name, new Settings(merged), warnings));
        }

        return loaded.OrderBy(path => path.Pattern is not null)
            .ThenBy(path => path.Name is "all" or "all_others")
            .ThenBy(path => path.Name, StringComparer.Ordinal).ToList();
    }

    private static PathConfig Load(string name, Settings settings, List<string> warnings)
    {
        Regex? pattern = Pattern(name);
        if (pattern is not null && settings.Text("runOnInit", "").Length > 0)
        {
            throw new ConfigException("a path with a regular expression (or path 'all') does not support option 'runOnInit'; use another path");
        }

        if (settings.Text("source", "publisher") != "publisher")
        {
            throw new ConfigException($"path '{name}': the stand-in has no sources but publishers");
        }

        return new PathConfig(name)
        {
            Pattern = pattern,
            OverridePublisher = settings.Flag("overridePublisher", true),
            RunOnAvailable = Renamed(settings, "runOnReady", "runOnAvailable", warnings),
            RunOnAvailableRestart = settings.Flag("runOnAvailableRestart", false),
            RunOnUnavailable = Renamed(settings, "runOnNotReady", "runOnUnavailable", warnings),
            MaxReaders = settings.Number("maxReaders", 0),
        };
    }

    private static string Renamed(Settings settings, string old, string name, List<string> warnings)
    {
        if (!settings.Has(old))
        {
            return settings.Text(name, "");
        }

        warnings.Add($"parameter '{old}' is deprecated and has been replaced with '{name}'");
        return settings.Text(old, "");
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
        catch (ArgumentException error)
        {
            throw new ConfigException($"invalid regular expression: {name[1..]}: {error.Message}");
        }
    }

    private static Dictionary<string, object?> AsMap(object? value, string what) => value switch
    {
        null => new(StringComparer.Ordinal),
        Dictionary<string, object?> map => map,
        _ => throw new ConfigException($"'{what}' must be a map"),
    };
}

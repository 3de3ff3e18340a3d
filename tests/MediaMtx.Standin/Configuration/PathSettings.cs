namespace MediaMtx.Standin.Configuration;

/// <summary>The settings of all paths, which the Control API changes while the server runs. A change that is refused changes nothing.</summary>
internal sealed class PathSettings
{
    private readonly Lock _gate = new();
    private readonly SettingsMap _defaults;
    private Dictionary<string, SettingsMap> _paths;

    /// <summary>Loads the settings of a configuration.</summary>
    /// <exception cref="ConfigException">They cannot be used.</exception>
    public PathSettings(Settings settings, ServerVersion version, List<string> warnings)
    {
        Version = version;
        _defaults = SettingsMap.Of(settings.Map.GetValueOrDefault("pathDefaults"), "pathDefaults");
        new Settings(_defaults).Check(version.KnownPath);
        _paths = SettingsMap.Of(settings.Map.GetValueOrDefault("paths"), "paths")
            .ToDictionary(path => path.Key, path => SettingsMap.Of(path.Value, $"paths.{path.Key}"), StringComparer.Ordinal);
        foreach (SettingsMap own in _paths.Values)
        {
            new Settings(own).Check(version.KnownPath);
        }

        Configs = PathConfigLoader.Load(_defaults, _paths, version, warnings);
    }

    /// <summary>Whose settings they are.</summary>
    public ServerVersion Version { get; }

    /// <summary>The present paths.</summary>
    public IReadOnlyList<PathConfig> Configs { get; private set; }

    /// <summary>The names of all paths, in order.</summary>
    public IReadOnlyList<string> Names => [.. _paths.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The defaults.</summary>
    public SettingsMap Defaults => _defaults;

    /// <summary>A path's settings with the defaults; null when there is no such path.</summary>
    public SettingsMap? Find(string name) =>
        _paths.TryGetValue(name, out SettingsMap? own) ? PathConfigLoader.Merge(_defaults, own) : null;

    /// <summary>Adds a path.</summary>
    /// <exception cref="ConfigException">It exists, or cannot be used.</exception>
    public void Add(string name, SettingsMap own, List<string> warnings) => Change(warnings, paths =>
    {
        if (!paths.TryAdd(name, own))
        {
            throw new ConfigException("path already exists");
        }
    });

    /// <summary>Changes some settings of a path.</summary>
    /// <exception cref="KeyNotFoundException">There is no such path.</exception>
    /// <exception cref="ConfigException">It cannot be used then.</exception>
    public void Patch(string name, SettingsMap changes, List<string> warnings) => Change(warnings, paths =>
        paths[name] = PathConfigLoader.Merge(paths.GetValueOrDefault(name) ?? throw NotFound(), changes));

    /// <summary>Sets all settings of a path, which need not exist.</summary>
    /// <exception cref="ConfigException">It cannot be used.</exception>
    public void Replace(string name, SettingsMap own, List<string> warnings) => Change(warnings, paths => paths[name] = own);

    /// <summary>Removes a path.</summary>
    /// <exception cref="KeyNotFoundException">There is no such path.</exception>
    public void Delete(string name, List<string> warnings) => Change(warnings, paths =>
    {
        if (!paths.Remove(name))
        {
            throw NotFound();
        }
    });

    private void Change(List<string> warnings, Action<Dictionary<string, SettingsMap>> change)
    {
        lock (_gate)
        {
            Dictionary<string, SettingsMap> paths = new(_paths, StringComparer.Ordinal);
            change(paths);
            Configs = PathConfigLoader.Load(_defaults, paths, Version, warnings);
            _paths = paths;
        }
    }

    private static KeyNotFoundException NotFound() => new("path not found");
}

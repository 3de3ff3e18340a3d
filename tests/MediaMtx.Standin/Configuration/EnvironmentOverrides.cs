namespace MediaMtx.Standin.Configuration;

/// <summary>
/// Lays MediaMTX's environment variables over the settings: <c>MTX_</c> and the setting's path in capitals, list items by their
/// index (<c>MTX_AUTHINTERNALUSERS_1_PASS</c>), a list as a whole with commas (<c>MTX_RTSPTRANSPORTS=tcp,udp</c>).
/// </summary>
internal sealed class EnvironmentOverrides(IReadOnlyDictionary<string, string> environment, ServerVersion version)
{
    private const string Prefix = "MTX";

    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal)
    {
        "logDestinations", "authInternalUsers", "authHTTPExclude", "rtspTransports", "protocols", "rtspAuthMethods", "ips", "permissions",
        "apiAllowOrigins", "metricsAllowOrigins", "playbackAllowOrigins", "hlsAllowOrigins", "webrtcAllowOrigins",
    };

    /// <summary>Changes the tree in place.</summary>
    public void Apply(SettingsMap settings)
    {
        Map(settings, version.KnownGlobal.Where(name => name is not ("paths" or "pathDefaults")), Prefix);
        Map(Child(settings, "pathDefaults"), version.KnownPath, $"{Prefix}_PATHDEFAULTS");
        if (settings.GetValueOrDefault("paths") is SettingsMap paths)
        {
            foreach (string name in paths.Keys.ToList())
            {
                Map(Child(paths, name), version.KnownPath, $"{Prefix}_PATHS_{name.ToUpperInvariant()}");
            }
        }
    }

    private void Map(SettingsMap map, IEnumerable<string> names, string prefix)
    {
        foreach (string name in names)
        {
            string key = $"{prefix}_{name.ToUpperInvariant()}";
            if (environment.TryGetValue(key, out string? value))
            {
                map[name] = Lists.Contains(name)
                    ? value.Split(',', StringSplitOptions.RemoveEmptyEntries).Cast<object?>().ToList()
                    : value;
            }
            else if (Lists.Contains(name) && HasPrefix(key + "_"))
            {
                List(map, name, key);
            }
        }
    }

    private void List(SettingsMap map, string name, string key)
    {
        if (map.GetValueOrDefault(name) is not List<object?> list)
        {
            map[name] = list = [];
        }

        for (int index = 0; index < list.Count || HasPrefix($"{key}_{index}_"); index++)
        {
            if (index == list.Count)
            {
                list.Add(new SettingsMap());
            }

            if (list[index] is SettingsMap item)
            {
                Map(item, KnownSettings.User, $"{key}_{index}");
            }
        }
    }

    private bool HasPrefix(string prefix) =>
        environment.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal));

    private static SettingsMap Child(SettingsMap map, string name)
    {
        if (map.GetValueOrDefault(name) is not SettingsMap child)
        {
            map[name] = child = [];
        }

        return child;
    }
}

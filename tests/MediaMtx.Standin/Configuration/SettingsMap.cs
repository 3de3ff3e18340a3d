namespace MediaMtx.Standin.Configuration;

/// <summary>A map of the settings tree: names, and values as <see cref="SettingsTree"/> has them.</summary>
internal sealed class SettingsMap : Dictionary<string, object?>
{
    public SettingsMap()
        : base(StringComparer.Ordinal)
    {
    }

    public SettingsMap(IReadOnlyDictionary<string, object?> other)
        : base(other, StringComparer.Ordinal)
    {
    }

    /// <summary>A value that must be a map; nothing is an empty one.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    public static SettingsMap Of(object? value, string what) => value switch
    {
        null => [],
        SettingsMap map => map,
        IReadOnlyDictionary<string, object?> map => new SettingsMap(map),
        _ => throw new ConfigException($"'{what}' must be a map"),
    };
}

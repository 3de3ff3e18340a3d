using System.Globalization;

namespace MediaMtx.Standin.Configuration;

/// <summary>Typed access to one map of the settings tree.</summary>
internal sealed class Settings(IReadOnlyDictionary<string, object?> map)
{
    public IReadOnlyDictionary<string, object?> Map => map;

    public bool Has(string name) => map.GetValueOrDefault(name) is not null;

    public string Text(string name, string fallback) => map.GetValueOrDefault(name) switch
    {
        null => fallback,
        string text => text,
        _ => throw new ConfigException($"'{name}' must be a single value"),
    };

    public bool Flag(string name, bool fallback) => Text(name, fallback ? "yes" : "no").ToLowerInvariant() switch
    {
        "yes" or "true" => true,
        "no" or "false" => false,
        string other => throw new ConfigException($"invalid value of '{name}': '{other}' is neither yes nor no"),
    };

    public TimeSpan Duration(string name, string fallback)
    {
        TimeSpan duration = GoDuration.Parse(Text(name, fallback));
        return duration > TimeSpan.Zero ? duration : throw new ConfigException($"'{name}' must be greater than zero");
    }

    public int Number(string name, int fallback) =>
        int.TryParse(Text(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ConfigException($"'{name}' must be a number");

    public IReadOnlyList<Settings> Maps(string name) => Items(name)
        .Select(item => new Settings(item as SettingsMap ?? throw new ConfigException($"'{name}' must be a list of maps")))
        .ToList();

    public IReadOnlyList<string> Texts(string name) => Items(name).OfType<string>().ToList();

    private List<object?> Items(string name) => map.GetValueOrDefault(name) switch
    {
        null => [],
        List<object?> list => list,
        string text => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)],
        _ => throw new ConfigException($"'{name}' must be a list"),
    };

    public void Check(IReadOnlySet<string> known)
    {
        string? unknown = map.Keys.FirstOrDefault(
            name => !known.Contains(name) && !name.StartsWith("rpiCamera", StringComparison.Ordinal));
        if (unknown is not null)
        {
            throw new ConfigException($"json: unknown field \"{unknown}\"");
        }
    }
}

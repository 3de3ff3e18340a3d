using System.Text.RegularExpressions;
using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Paths;

/// <summary>Finds the configuration of a path.</summary>
internal sealed partial class PathNames(PathSettings settings)
{
    /// <summary>Finds it.</summary>
    /// <param name="name">The path's name.</param>
    /// <param name="error">Why there is none, as MediaMTX says it.</param>
    public PathMatch? Find(string name, out string error)
    {
        error = Validate(name) is string wrong ? $"invalid path name: {wrong} ({name})" : $"path '{name}' is not configured";
        if (Validate(name) is not null)
        {
            return null;
        }

        foreach (PathConfig path in settings.Configs)
        {
            if (path.Pattern is null && path.Name == name)
            {
                return new PathMatch(path, []);
            }

            if (path.Pattern?.Match(name) is { Success: true } match)
            {
                return new PathMatch(path, [.. match.Groups.Values.Skip(1).Select(group => group.Value)]);
            }
        }

        return null;
    }

    /// <summary>What is wrong with a path's name; null when nothing is.</summary>
    public static string? Validate(string name) => name switch
    {
        "" => "cannot be empty",
        ['/', ..] => "can't begin with a slash",
        [.., '/'] => "can't end with a slash",
        _ when !Allowed().IsMatch(name) => "can contain only alphanumeric characters, underscore, dot, minus, slash",
        _ when name.Split('/').Any(segment => segment is "." or "..") => "can't contain dot path segments",
        _ => null,
    };

    [GeneratedRegex(@"^[0-9a-zA-Z_\-/.]+\z")]
    private static partial Regex Allowed();
}

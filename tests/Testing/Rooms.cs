using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Streams.Testing;

/// <summary>The rooms of a project: its folders, each with a namespace of its own, and what their types know of each other as they are compiled, and by what they use.</summary>
public sealed partial class Rooms
{
    private readonly string _root;

    /// <summary>Reads an assembly and its sources.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="project">The project's folder.</param>
    /// <param name="root">The namespace of what stands in no folder.</param>
    public Rooms(Assembly assembly, string project, string root)
    {
        _root = root;
        IType[] own = [.. new ArchLoader().LoadAssembly(assembly).Build().Types.Where(type => RoomOf(type) is not null)];
        Types = [.. own.Select(type => new RoomType(type.FullName, RoomOf(type)!))];
        Dependencies = [.. own.SelectMany(type => type.Dependencies.Select(dependency => (Type: type, dependency.Target)))
            .Where(pair => RoomOf(pair.Target) is { } room && room != RoomOf(pair.Type))
            .Select(pair => new RoomDependency(new RoomType(pair.Type.FullName, RoomOf(pair.Type)!), new RoomType(pair.Target.FullName, RoomOf(pair.Target)!)))
            .Concat(FindUsed(project, root))
            .Distinct()];
    }

    /// <summary>All types of the assembly's own namespaces.</summary>
    public IReadOnlyList<RoomType> Types { get; }

    /// <summary>
    /// Which types of a room know types of another, also from within their methods; and which files have a <c>using</c> of another room. The compiler copies
    /// the values of constants: only the <c>using</c> shows who knows those.
    /// </summary>
    public IReadOnlyList<RoomDependency> Dependencies { get; }

    /// <summary>The files of a project whose namespace is not their folder's.</summary>
    /// <param name="project">The project's folder.</param>
    /// <param name="root">The namespace of what stands in that folder itself.</param>
    public static IEnumerable<string> FindMisnamed(string project, string root)
    {
        foreach ((string file, string inside) in FilesOf(project))
        {
            string expected = inside.Length == 0 ? root : $"{root}.{inside}";
            if (Namespace().Match(File.ReadAllText(file)) is { Success: true } declared && declared.Groups[1].Value != expected)
            {
                yield return $"{Path.GetRelativePath(Repository.Root, file)} is in {declared.Groups[1].Value}, not in {expected}";
            }
        }
    }

    private static IEnumerable<RoomDependency> FindUsed(string project, string root) =>
        from file in FilesOf(project)
        let knower = new RoomType(Path.GetRelativePath(Repository.Root, file.Path), file.Inside.Split('.')[0])
        from line in File.ReadLines(file.Path)
        let used = Used().Match(line).Groups[1].Value
        where used.StartsWith(root + ".", StringComparison.Ordinal)
        let known = new RoomType(used, used[(root.Length + 1)..].Split('.')[0])
        where known.Room != knower.Room
        select new RoomDependency(knower, known);

    /// <summary>The files that somebody wrote, with their folder as the end of a namespace.</summary>
    private static IEnumerable<(string Path, string Inside)> FilesOf(string project)
    {
        string folder = Repository.PathOf(project);
        return from file in Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
               where Path.GetExtension(file) is ".cs" or ".razor"
               let inside = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.').TrimStart('.')
               where inside.Split('.')[0] is not ("bin" or "obj")
               select (file, inside);
    }

    /// <summary>The folder right below the project's; empty for what stands in none, and null for what is not ours.</summary>
    private string? RoomOf(IType type) => type.Namespace?.FullName switch
    {
        { } space when space == _root => "",
        { } space when space.StartsWith(_root + ".", StringComparison.Ordinal) => space[(_root.Length + 1)..].Split('.')[0],
        _ => null,
    };

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^@?using (?:static )?(?:\w+ = )?(?:global::)?([\w.]+);?$")]
    private static partial Regex Used();
}

/// <summary>A type of a room, or a file.</summary>
/// <param name="Name">Its full name, or its path.</param>
/// <param name="Room">Its room; empty for none.</param>
public sealed record RoomType(string Name, string Room);

/// <summary>A type that knows one of another room.</summary>
public sealed record RoomDependency(RoomType Knower, RoomType Known)
{
    public override string ToString() => $"{Knower.Name} knows {Known.Name}";
}

using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Streams.Testing;

/// <summary>The rooms of a project: its folders, each with a namespace of its own, and what their types know of each other as they are compiled.</summary>
public sealed partial class Rooms
{
    private readonly string _root;

    /// <summary>Reads an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">The namespace of what stands in no folder.</param>
    public Rooms(Assembly assembly, string root)
    {
        _root = root;
        IType[] own = [.. new ArchLoader().LoadAssembly(assembly).Build().Types.Where(type => RoomOf(type) is not null)];
        Types = [.. own.Select(type => new RoomType(type.FullName, RoomOf(type)!))];
        Dependencies = [.. own.SelectMany(type => type.Dependencies.Select(dependency => (Type: type, dependency.Target)))
            .Where(pair => RoomOf(pair.Target) is { } room && room != RoomOf(pair.Type))
            .Select(pair => new RoomDependency(new RoomType(pair.Type.FullName, RoomOf(pair.Type)!), new RoomType(pair.Target.FullName, RoomOf(pair.Target)!)))
            .Distinct()];
    }

    /// <summary>All types of the assembly's own namespaces.</summary>
    public IReadOnlyList<RoomType> Types { get; }

    /// <summary>Which types of a room know types of another, also from within their methods. Constants are not seen: the compiler copies their values.</summary>
    public IReadOnlyList<RoomDependency> Dependencies { get; }

    /// <summary>The files of a project whose namespace is not their folder's.</summary>
    /// <param name="project">The project's folder.</param>
    /// <param name="root">The namespace of what stands in that folder itself.</param>
    public static IEnumerable<string> FindMisnamed(string project, string root)
    {
        string folder = Repository.PathOf(project);
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string inside = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            string expected = inside == "." ? root : $"{root}.{inside}";
            bool isGenerated = inside.Split('.')[0] is "bin" or "obj";
            if (!isGenerated && Namespace().Match(File.ReadAllText(file)) is { Success: true } declared && declared.Groups[1].Value != expected)
            {
                yield return $"{Path.GetRelativePath(Repository.Root, file)} is in {declared.Groups[1].Value}, not in {expected}";
            }
        }
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
}

/// <summary>A type of a room.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Room">Its room; empty for none.</param>
public sealed record RoomType(string Name, string Room);

/// <summary>A type that knows one of another room.</summary>
public sealed record RoomDependency(RoomType Knower, RoomType Known)
{
    public override string ToString() => $"{Knower.Name} knows {Known.Name}";
}

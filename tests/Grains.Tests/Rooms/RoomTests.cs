using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Rooms;

/// <summary>The rooms of the grains, as docs/architecture.md draws them: each is a folder with a namespace of its own, and knows others one way only.</summary>
public sealed partial class RoomTests
{
    private const string Root = "Streams.Grains.";

    /// <summary>Each room, and the rooms that it may know. From the ground up: a room knows only rooms above it in this list.</summary>
    private static readonly (string Room, string[] Knows)[] Plan =
    [
        ("Handles", []),
        ("Telemetry", []),
        ("MediaMtx", []),
        ("Store", ["Telemetry"]),
        ("Watch", ["MediaMtx", "Store", "Telemetry"]),
        ("Workers", ["Handles", "MediaMtx", "Telemetry"]),
        ("Feed", ["Telemetry", "Workers"]),
        ("Streams", ["Feed", "Store", "Telemetry", "Watch", "Workers"]),
    ];

    private static readonly Architecture Compiled = new ArchLoader().LoadAssembly(typeof(StreamMachine).Assembly).Build();

    [Fact]
    public void Rooms_know_only_the_rooms_that_they_may()
    {
        HashSet<(string, string)> allowed = [.. Plan.SelectMany(static room => room.Knows.Select(known => (room.Room, known)))];
        AssertNone(Dependencies().Where(pair => !allowed.Contains((RoomOf(pair.Knower)!, RoomOf(pair.Known)!))).Select(static pair => $"{pair.Knower.FullName} knows {pair.Known.FullName}"));
    }

    /// <summary>Else the drawing would promise more freedom than there is.</summary>
    [Fact]
    public void Every_arrow_of_the_plan_is_there()
    {
        string[] found = [.. Dependencies().Select(static pair => $"{RoomOf(pair.Knower)} -> {RoomOf(pair.Known)}").Distinct()];
        AssertNone(Plan.SelectMany(static room => room.Knows.Select(known => $"{room.Room} -> {known}")).Except(found));
    }

    [Fact]
    public void No_room_of_the_plan_knows_one_that_comes_later()
    {
        string[] order = [.. Plan.Select(static room => room.Room)];
        AssertNone(Plan.SelectMany(room => room.Knows.Where(known => Array.IndexOf(order, known) >= Array.IndexOf(order, room.Room)).Select(known => $"{room.Room} -> {known}")));
    }

    [Fact]
    public void Every_type_is_in_a_room_of_the_plan()
    {
        HashSet<string> rooms = [.. Plan.Select(static room => room.Room)];
        AssertNone(Own().Where(type => !rooms.Contains(RoomOf(type)!)).Select(static type => $"{type.FullName} is in no room of the plan"));
        AssertNone(Compiled.Types.Where(static type => type.Namespace?.FullName + "." == Root && type.Name != nameof(GrainsHosting)).Select(static type => $"{type.FullName} is in no room: only what puts them together is"));
    }

    [Fact]
    public void The_architecture_says_what_each_room_knows()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("docs", "architecture.md"));
        AssertNone(Plan.Where(room => !lines.Any(line => line.StartsWith($"| `{room.Room}` |", StringComparison.Ordinal) && KnownIn(line).SetEquals(room.Knows)))
            .Select(static room => $"docs/architecture.md does not say: {room.Room} knows {string.Join(", ", room.Knows)}"));

        static HashSet<string> KnownIn(string row) => [.. row.Split('|', StringSplitOptions.TrimEntries)[^2].Split(", ", StringSplitOptions.RemoveEmptyEntries)];
    }

    [Theory]
    [InlineData("Grains", "Streams.Grains")]
    [InlineData("Silo", "Streams.Silo")]
    public void Namespaces_are_the_folders(string project, string root)
    {
        string folder = Repository.PathOf(project);
        string[] outputs = [Path.Combine(folder, "bin"), Path.Combine(folder, "obj")];
        string[] files = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !outputs.Any(output => file.StartsWith(output + Path.DirectorySeparatorChar, StringComparison.Ordinal)))];
        Assert.NotEmpty(files);
        AssertNone(files.Where(file => Namespace().Match(File.ReadAllText(file)) is { Success: true } declared && declared.Groups[1].Value != NamespaceOf(file)).Select(file => $"{Path.GetRelativePath(folder, file)} is not in {NamespaceOf(file)}"));

        string NamespaceOf(string file) => Path.GetRelativePath(folder, Path.GetDirectoryName(file)!) is var inside && inside == "." ? root : $"{root}.{inside.Replace(Path.DirectorySeparatorChar, '.')}";
    }

    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] all = [.. wrong.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    /// <summary>Which types of a room know types of another, also from within their methods.</summary>
    private static IEnumerable<(IType Knower, IType Known)> Dependencies() =>
        from type in Own()
        from dependency in type.Dependencies
        where RoomOf(dependency.Target) is { } room && room != RoomOf(type)
        select (type, dependency.Target);

    private static IEnumerable<IType> Own() => Compiled.Types.Where(static type => RoomOf(type) is not null);

    /// <summary>The folder right below the project's; null for what stands in none, as what puts all rooms together, and for what is not ours.</summary>
    private static string? RoomOf(IType type) =>
        type.Namespace?.FullName is { } space && space.StartsWith(Root, StringComparison.Ordinal) ? space[Root.Length..].Split('.')[0] : null;

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}

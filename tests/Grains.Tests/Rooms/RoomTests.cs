using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Rooms;

/// <summary>The rooms of the grains, as docs/architecture.md draws them: each is a folder with a namespace of its own, and knows others one way only.</summary>
public sealed class RoomTests
{
    /// <summary>Each room, and the rooms that it may know. From the ground up: a room knows only rooms above it in this list.</summary>
    private static readonly (string Room, string[] Knows)[] Plan =
    [
        ("Machine", []),
        ("Telemetry", []),
        ("MediaMtx", []),
        ("Store", ["Telemetry"]),
        ("Watch", ["MediaMtx", "Store", "Telemetry"]),
        ("Workers", ["Machine", "MediaMtx", "Telemetry"]),
        ("Feed", ["Workers", "Telemetry"]),
        ("Streams", ["Workers", "Feed", "Watch", "Store", "Telemetry"]),
    ];

    private static readonly Testing.Rooms Compiled = new(typeof(StreamMachine).Assembly, "Streams.Grains");

    /// <summary>What stands in no room puts the rooms together, and knows all of them.</summary>
    private static IEnumerable<RoomDependency> BetweenRooms => Compiled.Dependencies.Where(static dependency => dependency.Knower.Room.Length > 0);

    [Fact]
    public void Rooms_know_only_the_rooms_that_they_may()
    {
        HashSet<(string, string)> allowed = [.. Plan.SelectMany(static room => room.Knows.Select(known => (room.Room, known)))];
        AssertNone(BetweenRooms.Where(dependency => !allowed.Contains((dependency.Knower.Room, dependency.Known.Room))).Select(static dependency => dependency.ToString()));
    }

    /// <summary>Else the drawing would promise more freedom than there is.</summary>
    [Fact]
    public void Every_arrow_of_the_plan_is_there()
    {
        string[] found = [.. BetweenRooms.Select(static dependency => $"{dependency.Knower.Room} -> {dependency.Known.Room}").Distinct()];
        AssertNone(Plan.SelectMany(static room => room.Knows.Select(known => $"{room.Room} -> {known}")).Except(found));
    }

    [Fact]
    public void No_room_of_the_plan_knows_one_that_comes_later()
    {
        string[] order = [.. Plan.Select(static room => room.Room)];
        AssertNone(Plan.SelectMany(room => room.Knows.Where(known => Array.IndexOf(order, known) >= Array.IndexOf(order, room.Room)).Select(known => $"{room.Room} -> {known}")));
    }

    [Fact]
    public void Every_type_is_in_a_room_of_the_plan_but_what_puts_them_together()
    {
        HashSet<string> rooms = [.. Plan.Select(static room => room.Room)];
        AssertNone(rooms.Except(Compiled.Types.Select(static type => type.Room)).Select(static room => $"{room} has no type"));
        AssertNone(Compiled.Types.Where(type => !rooms.Contains(type.Room) && !type.Name.StartsWith(typeof(GrainsHosting).FullName!, StringComparison.Ordinal)).Select(static type => $"{type.Name} is in no room of the plan"));
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
    public void Namespaces_are_the_folders(string project, string root) => AssertNone(Testing.Rooms.FindMisnamed(project, root));

    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] all = [.. wrong.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}

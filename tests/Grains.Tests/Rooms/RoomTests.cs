using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Rooms;

/// <summary>The rooms of the grains, as docs/architecture.md draws them: each is a folder with a namespace of its own, and knows others one way only.</summary>
public sealed class RoomTests
{
    /// <summary>Each room, and the rooms that it may know. From the ground up: a room knows only rooms above it in this list.</summary>
    private static readonly RoomPlan Plan = new(new Testing.Rooms(typeof(StreamMachine).Assembly, "Grains", "Streams.Grains"),
    [
        ("Os", []),
        ("Telemetry", []),
        ("MediaMtx", []),
        ("Store", ["Telemetry"]),
        ("Watch", ["MediaMtx", "Store", "Telemetry"]),
        ("Continuity", ["Os", "MediaMtx", "Store"]),
        ("Workers", ["Os", "MediaMtx", "Continuity", "Telemetry"]),
        ("Hosts", ["Workers", "Store"]),
        ("Feed", ["Workers", "Hosts", "Telemetry"]),
        ("Streams", ["Workers", "Hosts", "Feed", "Watch", "Store", "Telemetry"]),
    ]);

    [Fact]
    public void Rooms_know_only_the_rooms_that_they_may() => AssertNone(Plan.FindForbidden());

    [Fact]
    public void Every_arrow_of_the_plan_is_there() => AssertNone(Plan.FindUnused());

    [Fact]
    public void No_room_of_the_plan_knows_one_that_comes_later() => AssertNone(Plan.FindUpward());

    [Fact]
    public void Every_type_is_in_a_room_of_the_plan_but_what_puts_them_together() => AssertNone(Plan.FindHomeless(typeof(GrainsHosting)));

    [Fact]
    public void The_architecture_says_what_each_room_knows() => AssertNone(Plan.FindUndocumented("The rooms of the grains"));

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

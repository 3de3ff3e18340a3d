using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Rooms;

/// <summary>The rooms of the API, as docs/architecture.md draws them: each is a folder with a namespace of its own, and knows others one way only.</summary>
public sealed class RoomTests
{
    /// <summary>Each room, and the rooms that it may know. From the ground up: a room knows only rooms above it in this list.</summary>
    private static readonly RoomPlan Plan = new(new Testing.Rooms(typeof(StreamsApi).Assembly, "Api", "Streams.Api"),
    [
        ("Configuration", []),
        ("Logging", []),
        ("Telemetry", []),
        ("Wire", []),
        ("Hosting", ["Configuration", "Logging"]),
        ("Problems", ["Hosting", "Logging", "Wire"]),
        ("Door", ["Configuration", "Hosting", "Logging", "Problems"]),
        ("Access", ["Configuration", "Hosting", "Logging", "Problems"]),
        ("Feed", ["Access", "Hosting", "Problems", "Telemetry", "Wire"]),
        ("Cluster", ["Configuration", "Feed", "Hosting"]),
        ("Health", ["Cluster", "Hosting", "Wire"]),
        ("MediaMtxAuth", ["Access", "Cluster", "Configuration", "Hosting", "Logging", "Problems", "Telemetry", "Wire"]),
        ("MediaMtxEvents", ["Access", "Cluster", "Hosting", "Logging", "Problems", "Telemetry", "Wire"]),
        ("Nodes", ["Access", "Cluster", "Problems", "Wire"]),
        ("Streams", ["Access", "Cluster", "Feed", "Problems", "Wire"]),
        ("Documents", ["Access", "Hosting", "Streams", "Wire"]),
        ("Pages", ["Access", "Cluster", "Configuration", "Hosting", "Nodes", "Problems", "Streams", "Wire"]),
    ]);

    [Fact]
    public void Rooms_know_only_the_rooms_that_they_may() => AssertNone(Plan.FindForbidden());

    [Fact]
    public void Every_arrow_of_the_plan_is_there() => AssertNone(Plan.FindUnused());

    [Fact]
    public void No_room_of_the_plan_knows_one_that_comes_later() => AssertNone(Plan.FindUpward());

    [Fact]
    public void Every_type_is_in_a_room_of_the_plan_but_what_puts_them_together() => AssertNone(Plan.FindHomeless(typeof(StreamsApi)));

    [Fact]
    public void The_architecture_says_what_each_room_knows() => AssertNone(Plan.FindUndocumented("The rooms of the API"));

    [Fact]
    public void Namespaces_are_the_folders() => AssertNone(Testing.Rooms.FindMisnamed("Api", "Streams.Api"));

    /// <summary>The API calls grains. What it reads of the database is where their silos are.</summary>
    [Fact]
    public void Only_the_connection_to_the_cluster_knows_the_database() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("Api"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => File.ReadLines(file).Any(static line => line.StartsWith("using Npgsql", StringComparison.Ordinal))),
        static file => Assert.Equal("Cluster", Path.GetFileName(Path.GetDirectoryName(file))));

    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] all = [.. wrong.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}

using System.Reflection;
using Streams.Measuring.Timing;
using Streams.Testing;
using Streams.Verify.Results;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>The rooms of what measures: each folder has a namespace of its own, and knows others one way only.</summary>
public sealed class RoomTests
{
    /// <summary>From the top down: a room knows only rooms after it. What stands in no room knows all of them.</summary>
    public static TheoryData<Assembly, string, string[]> Orders { get; } = new()
    {
        { typeof(Criterion).Assembly, "Streams.Verify", ["", "Measures", "Documents", "Inputs", "Audience", "Systems", "Pictures", "Logs", "Results"] },
        { typeof(Samples).Assembly, "Streams.Measuring", ["Clients", "Timing", "Tables", "Systems"] },
    };

    [Theory]
    [InlineData("Verify")]
    [InlineData("Benchmarks")]
    [InlineData("Measuring")]
    public void Namespaces_are_the_folders(string project) => AssertNone(Rooms.FindMisnamed(Path.Combine("tests", project), $"Streams.{project}"));

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_room_knows_no_room_before_it(Assembly assembly, string root, string[] order)
    {
        Rooms rooms = new(assembly, Path.Combine("tests", root.Split('.')[^1]), root);
        AssertNone(rooms.Types.Where(type => !order.Contains(type.Room)).Select(static type => $"{type.Name} is in no room of the plan"));
        AssertNone(rooms.Dependencies.Where(dependency => Array.IndexOf(order, dependency.Known.Room) < Array.IndexOf(order, dependency.Knower.Room))
            .Select(static dependency => dependency.ToString()));
    }

    private static void AssertNone(IEnumerable<string> wrong)
    {
        string all = string.Join('\n', wrong);
        Assert.True(all.Length == 0, all);
    }
}

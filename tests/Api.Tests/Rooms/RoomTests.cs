using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Rooms;

/// <summary>What holds of the rooms of the API: some are at the bottom and know nothing else of it, and some are at the top and known by nothing.</summary>
public sealed class RoomTests
{
    private static readonly Testing.Rooms Compiled = new(typeof(ApiJson).Assembly, "Streams.Api");

    [Theory]
    [InlineData("Configuration")]
    [InlineData("Logging")]
    public void A_room_at_the_bottom_knows_no_other(string room) => AssertNone(Compiled.Dependencies.Where(dependency => dependency.Knower.Room == room));

    /// <summary>But by what maps the endpoints, and the list of what is written as JSON.</summary>
    [Theory]
    [InlineData("Pages", "")]
    [InlineData("MediaMtxAuth", "")]
    [InlineData("Nodes", "Pages")]
    public void A_room_at_the_top_is_known_by_no_other(string room, string but) => AssertNone(Compiled.Dependencies.Where(
        dependency => dependency.Known.Room == room && dependency.Knower.Room != but && dependency.Knower.Name.Split('.', '+')[^1] is not (nameof(StreamsApi) or nameof(ApiJson))));

    private static void AssertNone(IEnumerable<RoomDependency> wrong)
    {
        string[] all = [.. wrong.Select(static dependency => dependency.ToString())];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}

using System.Diagnostics;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Two encoders with one stream's name, each of which comes again as soon as the other has taken the stream over.</summary>
public sealed class ContestTests(SharedSystems systems) : IClassFixture<SharedSystems>
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    /// <summary>A worker is started when one has kept the input for 3 s, or after 10 s: two of them at most, and one that was on its way.</summary>
    private const int MostStarts = 3;

    [Theory, OnBothServers]
    public async Task Publishers_that_take_over_from_each_other_are_told_with_their_addresses_and_starts_are_damped(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        string id = TestStream.NewId("two");
        await using ChildProgram first = system.PublishForever(id);
        await system.WaitForFrames(id);
        JsonElement contested;
        await using (ChildProgram second = system.PublishForever(id))
        {
            contested = (await Eventually.Get<JsonElement?>(
                () => system.Status(id), static status => status is { } seen && Addresses(seen).Count(static address => address.StartsWith("127.0.0.1:", StringComparison.Ordinal)) >= 2, $"{id} contested, with both addresses"))!.Value;

            long since = Stopwatch.GetTimestamp();
            JsonElement later = (await Eventually.Get<JsonElement?>(() => system.Status(id), _ => Stopwatch.GetElapsedTime(since) > Watched, "ten seconds"))!.Value;
            long starts = later.GetProperty("generation").GetInt64() - contested.GetProperty("generation").GetInt64();
            Assert.True(starts <= MostStarts, $"{starts} starts in {Watched}:\n{string.Join('\n', await system.History(id))}");
        }

        // The one that is left gets its worker.
        await system.WaitForFrames(id, contested.GetProperty("generation").GetInt64() + 1);
    }

    private static string[] Addresses(JsonElement status) =>
        status.TryGetProperty("contested", out JsonElement contest) ? [.. contest.GetProperty("addresses").EnumerateArray().Select(static address => address.GetString()!)] : [];
}

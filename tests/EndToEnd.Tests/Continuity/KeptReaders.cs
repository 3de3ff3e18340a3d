using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The readers of a kept output, who must stay.</summary>
internal static class KeptReaders
{
    /// <summary>More than a second of the test stream, and so a key frame.</summary>
    private const long Enough = 60_000;

    /// <summary>The readers of a path, by id.</summary>
    public static IReadOnlyList<string> ReadersOf(JsonElement path) =>
        [.. path.GetProperty("readers").EnumerateArray().Select(static reader => reader.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>The readers are there, and have what they need to show a picture: one that joins at the very moment of a fault has nothing to keep.</summary>
    public static async Task<IReadOnlyList<string>> WaitForReaders(StreamsSystem system, string id, int count)
    {
        JsonElement joined = await system.WaitForPath($"live/{id}/out", item => item.GetProperty("readers").GetArrayLength() == count, $"read by {count}");
        long sent = joined.GetProperty("outboundBytes").GetInt64();
        return ReadersOf(await system.WaitForPath($"live/{id}/out", item => item.GetProperty("outboundBytes").GetInt64() > sent + (count * Enough), "sending to its readers"));
    }

    /// <summary>The stream has said that its worker is steady: its death is then made up for at once.</summary>
    public static async Task WaitUntilSteady(StreamsSystem system, string id) => await Eventually.Get(
        () => system.History(id), static entries => entries.Any(static entry => entry.GetProperty("what").GetString() == "WorkerSteady"), $"the worker of {id} steady");

    /// <summary>The readers from before are there, and get what is published now.</summary>
    public static async Task AssertServed(StreamsSystem system, string id, IReadOnlyList<string> readers)
    {
        JsonElement now = await system.WaitForPath($"live/{id}/out", static item => item.GetProperty("online").GetBoolean(), "online");
        Assert.Equal(readers, ReadersOf(now));
        long sent = now.GetProperty("outboundBytes").GetInt64();
        JsonElement later = await system.WaitForPath($"live/{id}/out", item => item.GetProperty("outboundBytes").GetInt64() > sent + 20_000, "sending to its readers");
        Assert.Equal(readers, ReadersOf(later));
    }
}

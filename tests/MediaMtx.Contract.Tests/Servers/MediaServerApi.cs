using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>Questions to a server's Control API.</summary>
internal static class MediaServerApi
{
    public static Task<JsonElement> Ask(this MediaServer server, string resource) => server.Api.GetFromJsonAsync<JsonElement>(resource);

    /// <summary>A path as the list has it; null when it is not there.</summary>
    public static async Task<JsonElement?> FindPath(this MediaServer server, string path)
    {
        JsonElement list = await server.Ask("/v3/paths/list?itemsPerPage=1000");
        foreach (JsonElement item in list.GetProperty("items").EnumerateArray())
        {
            if (item.GetProperty("name").GetString() == path)
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>Waits until a path is available.</summary>
    public static async Task<JsonElement> WaitUntilAvailable(this MediaServer server, string path) => (await Eventually.Get(
        () => server.FindPath(path), found => found is { } item && item.GetProperty("available").GetBoolean(), $"{path} to be available"))!.Value;

    /// <summary>Waits until a path is gone from the list.</summary>
    public static Task WaitUntilGone(this MediaServer server, string path) =>
        Eventually.Get<JsonElement?>(() => server.FindPath(path), found => found is null, $"{path} to vanish");

    public static string SourceId(this JsonElement path) => path.GetProperty("source").GetProperty("id").GetString()!;

    public static IReadOnlyList<string> Strings(this JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}

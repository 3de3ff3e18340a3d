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

    /// <summary>Changes a path's configuration.</summary>
    /// <param name="verb"><c>add</c>, <c>patch</c>, <c>replace</c> or <c>delete</c>.</param>
    /// <param name="name">The path.</param>
    /// <param name="settings">JSON.</param>
    /// <returns>The status and the answer.</returns>
    public static async Task<(int Status, string Answer)> Configure(this MediaServer server, string verb, string name, string settings = "")
    {
        HttpMethod method = verb switch { "patch" => HttpMethod.Patch, "delete" => HttpMethod.Delete, _ => HttpMethod.Post };
        using HttpRequestMessage request = new(method, $"/v3/config/paths/{verb}/{name}");
        request.Content = verb == "delete" ? null : new StringContent(settings);
        using HttpResponseMessage response = await server.Api.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Adds a path.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public static async Task AddPath(this MediaServer server, string name, string settings)
    {
        (int status, string answer) = await server.Configure("add", name, settings);
        if (status != 200)
        {
            throw new InvalidOperationException($"{name} was refused with {status}: {answer}");
        }
    }

    /// <summary>Waits until a path is so.</summary>
    public static async Task<JsonElement> WaitForPath(this MediaServer server, string path, Func<JsonElement, bool> isSo, string what) => (await Eventually.Get(
        () => server.FindPath(path), found => found is { } item && isSo(item), $"{path} {what}"))!.Value;

    /// <summary>Waits until a path is gone from the list.</summary>
    public static Task WaitUntilGone(this MediaServer server, string path) =>
        Eventually.Get<JsonElement?>(() => server.FindPath(path), found => found is null, $"{path} to vanish");

    public static string SourceId(this JsonElement path) => path.GetProperty("source").GetProperty("id").GetString()!;

    public static IReadOnlyList<string> Strings(this JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streams.Testing;

/// <summary>Requests that clients of the Streams API and of MediaMTX's Control API share.</summary>
public static class HttpRequests
{
    /// <summary>Gets a resource as JSON; null when the server answers 404.</summary>
    public static async Task<JsonElement?> Find(this HttpClient http, string path)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : JsonElement.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>Adds a path to MediaMTX's configuration.</summary>
    /// <param name="controlApi">A client of the Control API.</param>
    /// <param name="path">Its name.</param>
    /// <param name="settings">Its settings.</param>
    public static async Task AddPath(this HttpClient controlApi, string path, object settings)
    {
        using HttpResponseMessage response = await controlApi.PostAsJsonAsync($"/v3/config/paths/add/{path}", settings);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path} was refused with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Removes a path from MediaMTX's configuration.</summary>
    public static async Task RemovePath(this HttpClient controlApi, string path)
    {
        using HttpResponseMessage response = await controlApi.DeleteAsync(new Uri($"/v3/config/paths/delete/{path}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }
}

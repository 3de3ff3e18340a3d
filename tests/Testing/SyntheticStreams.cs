using System.Net.Http.Json;
using System.Text.Json;

namespace Streams.Testing;

/// <summary>Publishers and faults that only the stand-in has.</summary>
public static class SyntheticStreams
{
    private static readonly Uri Publishers = new("/standin/publishers", UriKind.Relative);
    private static readonly Uri FaultsUri = new("/standin/faults", UriKind.Relative);

    /// <summary>Publishes to a stream's input without an encoder; returns the source's id.</summary>
    public static async Task<string> StartSynthetic(this MediaServer media, string id, string query = "", string side = "in")
    {
        using HttpResponseMessage response = await media.Api.PostAsJsonAsync(Publishers, new { path = $"live/{id}/{side}", query });
        JsonElement answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return answer.GetProperty("sourceId").GetString()!;
    }

    /// <summary>Ends it; nothing happens when it has ended.</summary>
    public static async Task EndSynthetic(this MediaServer media, string id)
    {
        using HttpResponseMessage _ = await media.Api.DeleteAsync(new Uri($"/standin/publishers?path=live/{id}/in", UriKind.Relative));
    }

    /// <summary>Orders a fault.</summary>
    public static async Task Order(this MediaServer media, object fault)
    {
        using HttpResponseMessage response = await media.Api.PostAsJsonAsync(FaultsUri, fault);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Ends all faults.</summary>
    public static async Task ClearFaults(this MediaServer media)
    {
        using HttpResponseMessage response = await media.Api.DeleteAsync(FaultsUri);
        response.EnsureSuccessStatusCode();
    }
}

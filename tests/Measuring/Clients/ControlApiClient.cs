using System.Text.Json;
using Streams.Testing;

namespace Streams.Measuring.Clients;

/// <summary>Client of MediaMTX's Control API: available paths, and paths that MediaMTX pulls.</summary>
/// <param name="http">Has the Control API's address and credentials.</param>
public sealed class ControlApiClient(HttpClient http)
{
    /// <summary>Waits until a path is available from a source that came after a point in time.</summary>
    public async Task<AvailablePath> WaitForPath(string path, DateTimeOffset after, TimeSpan? timeout = null) =>
        (await Eventually.Get(() => Find(path), found => found is not null && found.Since >= after, $"{path} available in MediaMTX", timeout))!;

    /// <summary>A path that has a publisher or a pulled source; null while it is not available, or a kept one shows its slate.</summary>
    public async Task<JsonElement?> FindAvailable(string path) =>
        await http.Find($"/v3/paths/get/{path}") is { } item && item.GetProperty("available").GetBoolean() && item.GetProperty("source").ValueKind == JsonValueKind.Object ? item : null;

    /// <summary>Adds a path that MediaMTX pulls by RTSP.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="source">The RTSP URL that it is pulled from.</param>
    public Task AddPull(string path, string source) => http.AddPath(path, new { source, rtspTransport = "tcp" });

    /// <summary>Removes it again.</summary>
    public Task RemovePull(string path) => http.RemovePath(path);

    private async Task<AvailablePath?> Find(string path) => await FindAvailable(path) is { } item
        ? new AvailablePath(item.GetProperty("source").GetProperty("id").GetString()!, item.GetProperty(IsKept(item) ? "onlineTime" : "availableTime").GetDateTimeOffset())
        : null;

    /// <summary>A kept path is available from its creation on; its publisher came later.</summary>
    private static bool IsKept(JsonElement item) => item.GetProperty("confName").GetString() == item.GetProperty("name").GetString() && item.TryGetProperty("onlineTime", out JsonElement since) && since.ValueKind == JsonValueKind.String;
}

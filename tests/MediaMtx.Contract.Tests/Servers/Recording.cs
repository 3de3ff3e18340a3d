using System.Text.Json;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>What a real MediaMTX v1.20.1 said: <c>Recordings/</c>.</summary>
internal static class Recording
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", name));

    public static JsonElement Json(string name) => JsonSerializer.Deserialize<JsonElement>(Text(name));

    /// <summary>The names of an object's members.</summary>
    public static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}

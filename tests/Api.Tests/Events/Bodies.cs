using System.Text.Json.Nodes;

namespace Streams.Api.Tests;

/// <summary>Bodies that a hook sends.</summary>
internal static class Bodies
{
    public static JsonObject Full(string stream) => new()
    {
        ["path"] = $"live/{stream}/in",
        ["sourceType"] = "rtmpConn",
        ["sourceId"] = "31aa777e-fa1a-4f7a-8e71-b3365dac24ff",
        ["query"] = "lang=es&x=a%20b",
        ["eventId"] = "0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e",
        ["occurredAt"] = "2026-11-22T13:30:48.216Z",
    };

    public static JsonObject With(string stream, string field, JsonNode? value)
    {
        JsonObject body = Full(stream);
        body[field] = value;
        return body;
    }

    public static JsonObject Without(string stream, string field)
    {
        JsonObject body = Full(stream);
        body.Remove(field);
        return body;
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaMtx.Standin.Http;

/// <summary>Answers as MediaMTX writes them.</summary>
internal static class Answers
{
    /// <summary>How the Control API writes and reads JSON.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly JsonSerializerOptions StatusJson = new(Json) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Task Ok(HttpContext http) => Write(http, StatusCodes.Status200OK, new ApiStatus("ok"), StatusJson);

    public static Task Error(HttpContext http, int status, string error) => Write(http, status, new ApiStatus("error", error), StatusJson);

    public static Task Value<T>(HttpContext http, T value) => Write(http, StatusCodes.Status200OK, value, Json);

    public static Task NotFound(HttpContext http) => Text(http, StatusCodes.Status404NotFound, "404 page not found");

    public static async Task Text(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync(text);
    }

    private static async Task Write<T>(HttpContext http, int status, T value, JsonSerializerOptions options)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, options);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }
}

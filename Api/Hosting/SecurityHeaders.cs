namespace Streams.Api;

/// <summary>Headers that every answer carries.</summary>
internal static class SecurityHeaders
{
    public static void Set(HttpResponse response) => response.Headers.XContentTypeOptions = "nosniff";
}

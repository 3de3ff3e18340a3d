using System.Net;
using System.Text.Json;

namespace Streams.Grains.Tests;

/// <summary>A media server's Control API with nothing but configured paths, and one that is published.</summary>
internal sealed class FakePaths : HttpMessageHandler
{
    /// <summary>The file of each configured path.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>What changed the configuration, in order.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>The path that somebody publishes; null for none.</summary>
    public string? Published { get; set; }

    /// <summary>Its version.</summary>
    public string Version { get; set; } = "v1.20.1";

    /// <summary>Why it refuses every new path; null when it does not.</summary>
    public string? Refusal { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string url = request.RequestUri!.AbsolutePath;
        if (url == "/v3/info")
        {
            return Ok(new { version = Version });
        }

        if (url == "/v3/paths/list")
        {
            return Ok(new { itemCount = Published is null ? 0 : 1, pageCount = 1, items = Published is null ? [] : new[] { Live(Published) } });
        }

        if (url.StartsWith("/v3/paths/get/", StringComparison.Ordinal))
        {
            return Published == url["/v3/paths/get/".Length..] ? Ok(Live(Published)) : new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        if (url == "/v3/config/paths/list")
        {
            return Ok(new { pageCount = 1, items = Files.Select(static path => Config(path.Key, path.Value)) });
        }

        string[] words = url["/v3/config/paths/".Length..].Split('/', 2);
        return words[0] switch
        {
            "get" => Files.TryGetValue(words[1], out string? file) ? Ok(Config(words[1], file)) : new HttpResponseMessage(HttpStatusCode.NotFound),
            "add" => Add(words[1], JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("alwaysAvailableFile").GetString()!),
            "delete" => Delete(words[1]),
            _ => throw new InvalidOperationException(url),
        };
    }

    private HttpResponseMessage Add(string path, string file)
    {
        string? error = Refusal ?? (Files.TryAdd(path, file) ? null : "path already exists");
        if (error is null)
        {
            Changes.Add($"add {path} {Path.GetFileName(file)}");
        }

        return error is null ? Ok(new { status = "ok" }) : new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(JsonSerializer.Serialize(new { status = "error", error })) };
    }

    private HttpResponseMessage Delete(string path)
    {
        Changes.Add($"delete {path}");
        return Files.Remove(path) ? Ok(new { status = "ok" }) : new HttpResponseMessage(HttpStatusCode.NotFound);
    }

    private static object Config(string name, string file) => new { name, alwaysAvailable = file.Length > 0, alwaysAvailableFile = file };

    private static object Live(string name) => new { name, available = true, online = true, source = new { type = "rtspSession", id = "a" } };

    private static HttpResponseMessage Ok(object body) => new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(body)) };
}

using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Streams.Hook.Tests;

/// <summary>The kind of server that receives the hook's events, answering as the API does.</summary>
public static class Kestrel
{
    /// <summary>Starts one on a free port of loopback; it takes events of <c>live/</c> and refuses others.</summary>
    public static async Task<WebApplication> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        server.MapPost("/v1/mediamtx/events/{kind}", (JsonElement body) =>
            body.GetProperty("path").GetString()!.StartsWith("live/", StringComparison.Ordinal)
                ? Results.Json(new { streamId = "demo", outcome = "applied", phase = "Starting", generation = 1 }, statusCode: 202)
                : Results.Problem(title: "The event breaks its schema", statusCode: 422));
        await server.StartAsync();
        return server;
    }
}

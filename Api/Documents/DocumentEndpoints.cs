using Microsoft.AspNetCore.Http.HttpResults;
using Scalar.AspNetCore;
using Streams.Api.Hosting;
using Streams.Api.Wire;

namespace Streams.Api.Documents;

/// <summary>The API's documents: OpenAPI, a page to read it, and the schema of the hook's body.</summary>
internal static class DocumentEndpoints
{
    private const string OpenApi = "/openapi/{documentName}.json";

    // The page is served whole by this process; this keeps a browser from asking any other, whatever the page's script wants.
    private const string OnlyFromHere =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi(OpenApi);
        routes.MapGet("/v1/schemas/hook-event.json", GetHookEventSchema)
            .WithName("GetHookEventSchema").WithTags("Documents")
            .Produces(StatusCodes.Status200OK, contentType: "application/schema+json");
        routes.MapGroup("").AddPage();
    }

    /// <summary>The JSON schema of the body that the event endpoints take.</summary>
    internal static FileContentHttpResult GetHookEventSchema() => TypedResults.Bytes(HookEventSchema.Instance.Json, "application/schema+json");

    private static void AddPage(this RouteGroupBuilder group)
    {
        group.MapScalarApiReference("/docs", static page => page
            .WithTitle("Streams API")
            .WithOpenApiRoutePattern(OpenApi)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools());
        group.WithMetadata(new ContentPolicy(OnlyFromHere));
    }
}

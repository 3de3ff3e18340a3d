using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Streams.Api.Hosting;
using Streams.Api.Streams;
using Streams.Api.Wire;

namespace Streams.Api.Documents;

/// <summary>Configures the OpenAPI document beyond the endpoints' types and comments.</summary>
internal static class DocumentSetup
{
    private const string HookEventName = "HookEvent";

    private static readonly Dictionary<Type, string> Nullables = new()
    {
        [typeof(WorkerFault)] =
            "What a worker failed at: `Reading` the input, `Decoding` it, `Encoding`, `Writing` the output, `Starting` the program, the `Machine` (short of file "
            + "handles, processes, memory, disk), `Hanging` (or nothing came out of it), `Killed` from outside, `Unknown`.",
        [typeof(StandbyMode)] = "Whether a second worker waits on another silo: `None`, or `Hot`, which works all the time and steps in when the output's source is gone.",
    };

    private static readonly string Phases = string.Join('|', Enum.GetNames<StreamPhase>());

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = static api => api.ActionDescriptor.EndpointMetadata.OfType<ApiEndpoint>().Any();
        options.AddDocumentTransformer(Document);
        options.AddOperationTransformer(Operation);
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            DescribeEnum(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    }

    // An enum that is used as a nullable one only has null among its values, and its own comment is not found.
    private static void DescribeEnum(OpenApiSchema schema, Type type)
    {
        Type? underlying = Nullable.GetUnderlyingType(type);
        if ((underlying ?? type).IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        if (underlying is not null && Nullables.TryGetValue(underlying, out string? description))
        {
            schema.Enum = [.. Enum.GetNames(underlying).Select(static name => JsonValue.Create(name))];
            schema.Description = description;
        }
    }

    private static Task Document(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Streams API";
        document.Info.Version = "v1";
        document.Info.Description =
            "Takes the events of MediaMTX's hooks and shows the streams. Every error is RFC 9457 problem details with a trace id.";
        SecurityDocument.AddSchemes(document);
        if (context.ApplicationServices.GetRequiredService<PublicAddress>().Url is { } url)
        {
            document.Servers = [new OpenApiServer { Url = url }];
        }

        return Task.CompletedTask;
    }

    private static Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<HookEventSchema>().FirstOrDefault() is { } hookEvent)
        {
            operation.RequestBody = BodyOf(hookEvent, context.Document!);
        }

        SecurityDocument.Describe(operation, context);
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Schema = SchemaOf(parameter.Name) ?? parameter.Schema;
        }

        foreach ((string status, IOpenApiResponse response) in operation.Responses ?? [])
        {
            Describe(status, response);
        }

        return Task.CompletedTask;
    }

    // The published schema itself, so that the document cannot say anything else.
    private static OpenApiRequestBody BodyOf(HookEventSchema hookEvent, OpenApiDocument document)
    {
        if (document.Components?.Schemas?.ContainsKey(HookEventName) != true)
        {
            using MemoryStream json = new(hookEvent.Json);
            OpenApiSchema schema = new OpenApiJsonReader().ReadFragment<OpenApiSchema>(
                json, OpenApiSpecVersion.OpenApi3_1, document, out _, new OpenApiReaderSettings())
                ?? throw new InvalidOperationException("The hook event's schema cannot be read.");
            schema.Schema = null;
            document.AddComponent(HookEventName, schema);
        }

        return new OpenApiRequestBody
        {
            Required = true,
            Description = string.Create(CultureInfo.InvariantCulture, $"At most {HookEvent.MaxBodyBytes} bytes."),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(HookEventName, document) },
            },
        };
    }

    private static OpenApiSchema? SchemaOf(string? parameter) => parameter switch
    {
        "page" => Whole("0", int.MaxValue.ToString(CultureInfo.InvariantCulture), 0),
        "itemsPerPage" => Whole("1", Paging.MaxItemsPerPage.ToString(CultureInfo.InvariantCulture), Paging.DefaultItemsPerPage),
        "generation" => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" },
        "phase" => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^({Phases})(,({Phases}))*$" },
        "sort" => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^-?({string.Join('|', StreamQuery.Sorts)})$", Default = "id" },
        "id" => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = StreamId.Pattern },
        _ => null,
    };

    private static OpenApiSchema Whole(string lowest, string highest, int unless) =>
        new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = lowest, Maximum = highest, Default = unless };

    private static void Describe(string status, IOpenApiResponse response)
    {
        response.Description = status switch
        {
            "200" => "The answer.",
            "202" => "The stream has taken and saved the event.",
            "400" => "The body is no valid JSON in UTF-8, or has a key twice.",
            "401" => "A valid token is needed.",
            "403" => "The token does not allow this; or a command came from another site, or without the page's anti-forgery token.",
            "404" => "There is no such stream, or it has no such run.",
            "409" => "The stream cannot do that now; 'detail' says why.",
            "413" => "The body has more than 16384 bytes.",
            "415" => "The body is not application/json in UTF-8.",
            "422" => "A field or parameter is missing or wrong; 'errors' names all of them.",
            "429" => "Too many wrong tokens came from the address.",
            "500" => "A fault of the service, logged under the trace id.",
            "503" => "The cluster cannot be reached or is too slow.",
            _ => response.Description,
        };
        if (status is "429" or "503" && response is OpenApiResponse later)
        {
            later.Headers ??= new Dictionary<string, IOpenApiHeader>();
            later.Headers["Retry-After"] = new OpenApiHeader
            {
                Description = "Seconds to wait before trying again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
            };
        }
    }
}

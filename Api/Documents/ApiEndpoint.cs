namespace Streams.Api.Documents;

/// <summary>Marks the API's own endpoints: a host may have others, and the OpenAPI document is only about these.</summary>
internal sealed class ApiEndpoint
{
    public static ApiEndpoint Marker { get; } = new();
}

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Streams.Api.Access;

namespace Streams.Api.Documents;

/// <summary>Security schemes of the OpenAPI document, and the role that each operation needs.</summary>
internal static class SecurityDocument
{
    private const string Bearer = "bearer";
    private const string Session = "session";

    public static void AddSchemes(OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access token of the service's configuration. While none is set up, the service is open to its own machine.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(Session, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = AccessSchemes.SessionCookie,
            Description = $"A browser's session, begun at /sign-in. What changes something needs the header {AntiForgery.Header} as well.",
        });
    }

    public static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            return;
        }

        string policy = metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy ?? AccessPolicies.OfMethod(context.Description.HttpMethod ?? "");
        operation.Security = [Requirement(Bearer, context.Document!)];
        if (policy != AccessPolicies.Hook)
        {
            operation.Security.Add(Requirement(Session, context.Document!));
        }

        IEnumerable<string> roles = Enum.GetValues<AccessRole>().Where(role => AccessPolicies.Admits(policy, role)).Select(static role => role.ToString().ToLowerInvariant());
        operation.Description = string.Join("\n\n", ((string?[])[operation.Description, $"Needs the role {string.Join(" or ", roles)}."]).OfType<string>());
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}

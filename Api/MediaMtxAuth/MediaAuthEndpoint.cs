using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Configuration;
using Streams.Api.Hosting;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxAuth;

/// <summary>Endpoint of MediaMTX's external authentication (<c>authMethod: http</c>): who may publish and read.</summary>
internal static class MediaAuthEndpoint
{
    private const int MaxBodyBytes = 16 * 1_024;

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<MediaAuthOptions>(configuration.GetSection(MediaAuthOptions.Section));
        services.AddCheckedOptions<ControlApiOptions>(configuration.GetSection(ControlApiOptions.Section));
        services.AddSingleton<IValidateOptions<MediaAuthOptions>, MediaAuthValidator>();
        services.AddSingleton<IValidateOptions<ControlApiOptions>, ControlApiValidator>();
        services.AddSingleton<PublishKeys>();
        services.AddSingleton<ISettingsFile>(static provider => provider.GetRequiredService<PublishKeys>());
        services.AddSingleton<MediaAuthRules>();
        services.AddSingleton<MediaAuthenticator>();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/mediamtx/auth", Authorize)
        .WithName("AskMediaAccess").WithTags("MediaMTX access").RequireAuthorization(AccessPolicies.Hook)
        .WithMetadata(BasicToken.Accepted, ReservedPlace.Marker, new RequestSizeLimitAttribute(MaxBodyBytes))
        .Produces(StatusCodes.Status204NoContent).ProducesProblems(400, 401, 413, 415, 429, 500, 503);

    /// <summary>Whether somebody may publish, read, or use MediaMTX's own servers.</summary>
    /// <remarks>
    /// Asked by MediaMTX with authMethod: http. It lets in with 204 and refuses with anything else; the reason stands in its log. MediaMTX
    /// sends the hook's token as the password of its authHTTPAddress. Wrong credentials are counted by the address in the body, and of each address by path.
    /// </remarks>
    /// <param name="request">What MediaMTX asks.</param>
    /// <param name="authenticator">Who decides.</param>
    /// <param name="context">The request.</param>
    internal static Task<IResult> Authorize(MediaAuthRequest request, MediaAuthenticator authenticator, HttpContext context) => authenticator.Answer(request, context);
}

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Streams.Api.Configuration;

namespace Streams.Api.Access;

/// <summary>Adds access control to the service.</summary>
internal static class AccessHosting
{
    public static void AddAccess(this IServiceCollection services, IConfigurationSection section, Action<IDataProtectionBuilder> keepSessionKeys)
    {
        services.AddCheckedOptions<AccessOptions>(section);
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessValidator>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ISettingsFile>(static provider => provider.GetRequiredService<AccessTokens>());
        services.AddHostedService<SettingsFileWatch>();

        AccessSchemes.Add(services);
        services.AddAuthorization(AccessPolicies.Add);
        services.AddSingleton<IAuthorizationHandler, OwnPageHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        services.AddAntiforgery(AntiForgery.Configure);
        keepSessionKeys(services.AddDataProtection().SetApplicationName("streams"));
    }
}

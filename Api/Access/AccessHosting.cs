using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Streams.Api.Configuration;

namespace Streams.Api.Access;

/// <summary>Adds access control to the service.</summary>
internal static class AccessHosting
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void AddAccess(this IServiceCollection services, IConfigurationSection section, string? keyFolder)
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
        IDataProtectionBuilder protection = services.AddDataProtection().SetApplicationName("streams");
        if (keyFolder is null)
        {
            protection.UseEphemeralDataProtectionProvider();
        }
        else
        {
            protection.PersistKeysToFileSystem(OwnFolder(keyFolder));
        }
    }

    // Whoever reads the keys can make sessions.
    private static DirectoryInfo OwnFolder(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, OwnerOnly);
}

using Microsoft.AspNetCore.DataProtection;

namespace Streams.Api.Access;

/// <summary>Where the keys of browser sessions and forms are kept. Whoever reads the keys can make sessions.</summary>
public static class SessionKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>In memory: a restart signs everybody out.</summary>
    public static void KeepInMemory(IDataProtectionBuilder keys) => keys.UseEphemeralDataProtectionProvider();

    /// <summary>In a folder that only its owner reads, created when missing: a restart signs nobody out.</summary>
    /// <param name="keys">What protects sessions.</param>
    /// <param name="folder">The folder.</param>
    public static void KeepInFolder(this IDataProtectionBuilder keys, string folder) => keys.PersistKeysToFileSystem(
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly));
}

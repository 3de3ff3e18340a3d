using Microsoft.Playwright;
using Streams.Testing;
using Xunit;

namespace Streams.Page.Tests;

/// <summary>A real Chromium of this machine, driven by Playwright, whose own downloads are not needed.</summary>
internal static class Chromium
{
    /// <summary>A name of this machine that a browser does not trust as it does localhost: as in any network without https.</summary>
    public const string PlainName = "streams.test";

    private static readonly string[] Arguments = [.. InstalledChromium.Arguments, $"--host-resolver-rules=MAP {PlainName} 127.0.0.1,MAP {Nginx.Host} 127.0.0.1"];

    /// <summary>The program; null when there is none.</summary>
    public static string? Program => InstalledChromium.Program;

    /// <summary>Starts it, or skips the test where there is none.</summary>
    public static Task<IBrowser> Start(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Arguments });

    /// <summary>Skips the test where there is none.</summary>
    public static void SkipWithout() => Assert.SkipWhen(Program is null, $"No Chromium on this machine: none of {string.Join(", ", InstalledChromium.Names)} is on the PATH (make setup installs it with Debian's packages).");
}

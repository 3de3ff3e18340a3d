using Microsoft.Playwright;
using Streams.Testing;
using Xunit;

namespace Streams.Page.Tests;

/// <summary>A real Chromium of this machine, driven by Playwright, whose own downloads are not needed.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>A name of this machine that a browser does not trust as it does localhost: as in any network without https.</summary>
    public const string PlainName = "streams.test";

    // As root in a container there is no sandbox to be had. The rest keeps it from asking servers of its maker.
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", $"--host-resolver-rules=MAP {PlainName} 127.0.0.1,MAP {Nginx.Host} 127.0.0.1"];

    /// <summary>The program; null when there is none.</summary>
    public static string? Program { get; } = Names.Select(ChildProgram.Find).FirstOrDefault(static file => file is not null);

    /// <summary>Starts it, or skips the test where there is none.</summary>
    public static Task<IBrowser> Start(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Arguments });

    /// <summary>Skips the test where there is none.</summary>
    public static void SkipWithout() => Assert.SkipWhen(Program is null, $"No Chromium on this machine: none of {string.Join(", ", Names)} is on the PATH (make setup installs it with Debian's packages).");
}

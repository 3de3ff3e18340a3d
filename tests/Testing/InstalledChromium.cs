namespace Streams.Testing;

/// <summary>A Chromium of this machine; <c>make setup</c> installs it with Debian's packages.</summary>
public static class InstalledChromium
{
    /// <summary>The names by which it is looked for on the PATH.</summary>
    public static readonly IReadOnlyList<string> Names = ["chromium", "chromium-browser", "google-chrome"];

    // As root in a container there is no sandbox to be had. The rest keeps it from asking servers of its maker.
    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>The program; null when there is none.</summary>
    public static string? Program { get; } = Names.Select(ChildProgram.Find).FirstOrDefault(static file => file is not null);

    /// <summary>The arguments with which it runs anywhere and asks nobody but whom it is sent to.</summary>
    public static IReadOnlyList<string> Arguments => Quiet;
}

namespace Streams.Testing;

/// <summary>
/// The published <c>mtx-hook</c>: the one that <c>MTX_HOOK_BIN</c> names, else one that is published for this run of tests.
/// </summary>
public static class PublishedHook
{
    private static readonly Lazy<Task<string>> Found = new(FindOrPublish);

    /// <summary>The executable.</summary>
    /// <exception cref="InvalidOperationException">It cannot be published here; the message has the compiler's.</exception>
    public static Task<string> Executable() => Found.Value;

    /// <summary>The folder that holds it, to be put on a media server's PATH.</summary>
    /// <exception cref="InvalidOperationException">It cannot be published here; the message has the compiler's.</exception>
    public static async Task<string> Folder() => Path.GetDirectoryName(await Found.Value)!;

    private static async Task<string> FindOrPublish()
    {
        if (Environment.GetEnvironmentVariable("MTX_HOOK_BIN") is { Length: > 0 } given)
        {
            return File.Exists(given) ? Path.GetFullPath(given) : throw new FileNotFoundException("MTX_HOOK_BIN names no file", given);
        }

        // Artifacts of its own: a publish beside a build of the solution would rewrite what the build is reading.
        string folder = Path.Combine(AppContext.BaseDirectory, "mtx-hook-native");
        (int code, string output) = await ChildProgram.Run(
            "dotnet",
            ["publish", Repository.PathOf("hooks", "mtx-hook"), "-c", "Release", "-o", Path.Combine(folder, "out"), $"-p:ArtifactsPath={folder}", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v", "quiet"],
            TimeSpan.FromMinutes(5));
        return code == 0 ? Path.Combine(folder, "out", "mtx-hook") : throw new InvalidOperationException($"mtx-hook could not be published:\n{output}");
    }
}

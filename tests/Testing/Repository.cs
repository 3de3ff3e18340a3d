namespace Streams.Testing;

/// <summary>Finds the repository's files from wherever a test runs.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Streams.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the repository.</summary>
    /// <param name="parts">Its path from the root.</param>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Streams.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Streams.sln above {AppContext.BaseDirectory}.");
    }
}

namespace Streams.Verify.Documents;

/// <summary>The documents whose commands must work as written (SC-008).</summary>
internal static class Library
{
    /// <summary>Their paths from the repository's root.</summary>
    public static IReadOnlyList<string> Documents { get; } = ["README.md", "docs/quickstart.md", "docs/publishers.md", "docs/workers.md", "docs/api.md"];

    /// <summary>The blocks of commands of one of them.</summary>
    /// <exception cref="FormatException">The document is not marked as it must be; the message says where.</exception>
    public static IReadOnlyList<CommandBlock> Read(string document) =>
        DocumentReader.Read(document, File.ReadAllText(Repository.PathOf(document.Split('/'))));
}

namespace Streams.Verify.Documents;

/// <summary>A block of commands in a document.</summary>
/// <param name="Document">The document, from the repository's root.</param>
/// <param name="Line">The line at which the block begins.</param>
/// <param name="Commands">What is typed: all of it, or what stands behind the prompts of a session.</param>
/// <param name="Mark">How to run it; null when the document does not say.</param>
internal sealed record CommandBlock(string Document, int Line, string Commands, BlockMark? Mark)
{
    /// <summary>The block in a few words.</summary>
    public override string ToString() => $"{Document}:{Line} ({Commands.Split('\n')[0]})";
}

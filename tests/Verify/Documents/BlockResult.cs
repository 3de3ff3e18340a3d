namespace Streams.Verify.Documents;

/// <summary>What came of a block of commands.</summary>
/// <param name="Block">Which.</param>
/// <param name="Passed">Whether it works; null when it was not run.</param>
/// <param name="Detail">Why it was not run, or why it failed and what it wrote last.</param>
/// <param name="Output">All it wrote.</param>
internal sealed record BlockResult(CommandBlock Block, bool? Passed, string Detail = "", string Output = "")
{
    /// <summary>The block as a session, with what came of it.</summary>
    public string Transcript => $"""
        === {Block.Document}:{Block.Line} {(Passed is { } passed ? passed ? "works" : "FAILED" : "skipped")}
        $ {Block.Commands.Replace("\n", "\n$ ", StringComparison.Ordinal)}
        {(Passed is null ? Detail : Output)}

        """;
}

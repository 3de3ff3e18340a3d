namespace Streams.Verify.Documents;

/// <summary>Result of a block of commands.</summary>
/// <param name="Block">The block.</param>
/// <param name="Passed">Whether it works; null when it was skipped.</param>
/// <param name="Detail">Why it was skipped, or why it failed and its last output.</param>
/// <param name="Output">Its whole output.</param>
internal sealed record BlockResult(CommandBlock Block, bool? Passed, string Detail = "", string Output = "")
{
    /// <summary>Commands, output and result.</summary>
    public string Transcript => $"""
        === {Block.Document}:{Block.Line} {(Passed is { } passed ? passed ? "works" : "FAILED" : "skipped")}
        $ {Block.Commands.Replace("\n", "\n$ ", StringComparison.Ordinal)}
        {(Passed is null ? Detail : Output)}

        """;
}

namespace Streams.Verify;

/// <summary>What came of a block of commands.</summary>
/// <param name="Block">Which.</param>
/// <param name="Passed">Whether it works; null when it was not run.</param>
/// <param name="Detail">Why it was not run, or why it failed and what it wrote last.</param>
internal sealed record BlockResult(CommandBlock Block, bool? Passed, string Detail = "");

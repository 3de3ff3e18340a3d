using System.Text.Json;

namespace Streams.Hooks;

/// <summary>
/// The one line on standard error that says why an event was not taken. MediaMTX copies it into its own output, where it
/// is the only trace: MediaMTX does not report exit codes.
/// </summary>
/// <param name="Timestamp">RFC 3339, UTC.</param>
/// <param name="Level">Always ERR, as MediaMTX's own lines say it.</param>
/// <param name="Message">What was tried, and what came of it.</param>
/// <param name="Path">The path; empty when it is not known.</param>
/// <param name="SourceId">The publisher; empty when it is not known.</param>
/// <param name="EventId">The event, when one was sent.</param>
/// <param name="TraceId">The W3C trace that the request named.</param>
/// <param name="Status">The HTTP status, when there was an answer.</param>
/// <param name="ExitCode">The process's exit code.</param>
internal sealed record FailureLine(
    string Timestamp,
    string Level,
    string Message,
    string Path,
    string SourceId,
    Guid? EventId,
    string? TraceId,
    int? Status,
    int ExitCode)
{
    // A pipe takes up to 4096 bytes in one piece, so lines of hooks that run side by side do not mix. A real path has at
    // most 73 characters, a source id 36.

    /// <summary>How much of a path a line carries.</summary>
    internal const int MaxPath = 96;

    /// <summary>How much of a source id a line carries.</summary>
    internal const int MaxSourceId = 64;

    /// <summary>The line with its end.</summary>
    internal byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, HookJson.Default.FailureLine), (byte)'\n'];
}

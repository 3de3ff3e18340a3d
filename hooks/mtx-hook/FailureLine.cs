using System.Text.Json;

namespace Streams.Hooks;

/// <summary>
/// The line on standard error that says why an event was not delivered. MediaMTX copies it into its own log, where it is the only trace of
/// the failure: MediaMTX does not report exit codes.
/// </summary>
/// <param name="Timestamp">RFC 3339, UTC.</param>
/// <param name="Level">Always ERR, as in MediaMTX's own lines.</param>
/// <param name="Message">What was attempted, and why it failed.</param>
/// <param name="Path">The path; empty when it is not known.</param>
/// <param name="SourceId">The publisher; empty when it is not known.</param>
/// <param name="EventId">The event, when one was sent.</param>
/// <param name="TraceId">The W3C trace id of the request.</param>
/// <param name="Status">The HTTP status, when there was a response.</param>
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
    // Writes of up to 4096 bytes to a pipe are atomic, so lines of concurrent hooks do not mix. A real path has at most 73 characters, a source
    // id 36.

    /// <summary>The most characters of a path in a line.</summary>
    internal const int MaxPath = 96;

    /// <summary>The most characters of a source id in a line.</summary>
    internal const int MaxSourceId = 64;

    /// <summary>The line as UTF-8, with its newline.</summary>
    internal byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, HookJson.Default.FailureLine), (byte)'\n'];
}

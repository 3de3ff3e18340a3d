using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Result of reading a body; one of the first three is set.</summary>
/// <param name="Event">The event.</param>
/// <param name="Malformed">Why the bytes are no JSON text that can be read unambiguously.</param>
/// <param name="Errors">What is wrong with which field.</param>
/// <param name="Path">The path, also of a refused body where it could be read; else the default, with an empty stream id.</param>
internal sealed record HookEventReading(
    HookEvent? Event = null,
    string? Malformed = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    StreamPath Path = default);

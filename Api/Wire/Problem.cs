namespace Streams.Api.Wire;

/// <summary>An error answer, RFC 9457 problem details, <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>The kind of problem, a URI that never changes, for example <c>urn:streams:problem:invalid-event</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time, and what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>The request's W3C trace id; log lines about the request carry the same.</summary>
    public string? TraceId { get; init; }

    /// <summary>With status 422: what is wrong, by field or parameter; <c>$</c> is the body as a whole.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}

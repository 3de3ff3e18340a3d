using Streams.Api.Wire;

namespace Streams.Api.Problems;

/// <summary>Every problem (RFC 9457) that the API answers with, one method each.</summary>
internal static class ApiProblems
{
    private const string TypePrefix = "urn:streams:problem:";

    public static ProblemResult MalformedJson(string why) =>
        Of(400, "malformed-json", "The body is no valid JSON.", $"{why} Send one JSON object in UTF-8, each key once.");

    public static ProblemResult InvalidEvent(IReadOnlyDictionary<string, string[]> errors) =>
        Of(422, "invalid-event", "The event is not valid.", "Correct the fields under errors; the schema is at /v1/schemas/hook-event.json.", errors);

    public static ProblemResult InvalidParameter(IReadOnlyDictionary<string, string[]> errors) =>
        Of(422, "invalid-parameter", "The request is not valid.", "Correct the parameters under errors.", errors);

    public static ProblemResult UnknownStream(StreamId id) =>
        Of(404, "unknown-stream", "There is no such stream.", $"No event about live/{id}/in or live/{id}/out was ever taken. GET /v1/streams lists the known streams.");

    public static ProblemResult UnknownRun(StreamId id, long generation) =>
        Of(404, "unknown-run", "There is no such run.", $"Run {generation} of stream {id} never was, or is forgotten. GET /v1/streams/{id}/runs lists those that are kept.");

    public static ProblemResult UnknownSilo(IEnumerable<string> known) =>
        Of(404, "unknown-silo", "There is no such silo.", $"There are: {string.Join(", ", known)}. GET /v1/nodes shows them with their addresses, which are names too.");

    public static ProblemResult CannotDrain(string why) =>
        Of(409, "cannot-drain", "The silo cannot be drained.", why);

    public static ProblemResult InvalidStreamId() =>
        InvalidParameter(new Dictionary<string, string[]> { ["id"] = [$"A stream id must match {StreamId.Pattern}."] });

    public static ProblemResult IllegalCommand(string why) =>
        Of(409, "illegal-command", "The stream cannot do that now.", why);

    public static ProblemResult Unauthenticated() => Of(
        401, "unauthenticated", "A valid token is needed.", "Send 'Authorization: Bearer' with an access token, or sign in at /sign-in. A session ends after 12 h, or when its token is taken away.");

    public static ProblemResult NotThisMachine() => Of(
        401, "not-this-machine", "Without tokens the service is for this machine only.", "Call it as localhost or by its address; or set up tokens (Streams:Access).");

    public static ProblemResult Forbidden() =>
        Of(403, "forbidden", "The token does not allow this.", "Reading needs the role reader or operator, commands need operator, MediaMTX's events need hook.");

    public static ProblemResult CrossSite() =>
        Of(403, "cross-site", "Commands from other sites are refused.", "Send the command from a program, or from a page of this service.");

    public static ProblemResult NoAntiForgery(string header, string field) => Of(
        403, "anti-forgery", "The anti-forgery token is missing or not valid.", $"Reload the page and try again. Scripts send it as {header}, forms as {field}; programs use a bearer token instead.");

    public static ProblemResult TooManyFailures(TimeSpan retryAfter) => Of(
        429, "too-many-failures", "Too many wrong tokens came from this address.", "Wait for the time in Retry-After, and send a token that is valid.", retryAfter: retryAfter);

    public static ProblemResult MediaRefused(string why) =>
        Of(401, "media-access-refused", "The client may not do this.", $"It is refused: {why}.");

    public static ProblemResult TooManyMediaFailures(TimeSpan retryAfter) => Of(
        429, "too-many-failures", "Too many wrong credentials came from the client.", "Nothing it sends is looked at for a while, except for paths that it was right about before.", retryAfter: retryAfter);

    public static ProblemResult TooManyRequests() => Of(
        429, "too-many-requests", "Too many requests of this address are being answered.", "Wait for the answers, or send a token that is valid.", retryAfter: TimeSpan.FromSeconds(1));

    public static ProblemResult BodyTooLarge() =>
        Of(413, "body-too-large", "The body is too large.", $"An event has at most {HookEvent.MaxBodyBytes} bytes.");

    public static ProblemResult UnsupportedMediaType() =>
        Of(415, "unsupported-media-type", "The content type is not supported.", "Send the body as application/json in UTF-8, without a content encoding.");

    public static ProblemResult DamagedStream(string why) => Of(500, "damaged-stream", "What is saved of the stream is damaged.", why);

    public static ProblemResult Unavailable(string why) =>
        Of(503, "unavailable", "The service cannot answer now.", $"{why.TrimEnd('.')}. Try again after the time in Retry-After.", retryAfter: TimeSpan.FromSeconds(1));

    /// <summary>For what an endpoint threw: a fault, unless it says by its type what it is.</summary>
    public static ProblemResult OfFault(Exception fault) => fault is StreamDamagedException ? DamagedStream(fault.Message) : OfStatus(500);

    /// <summary>For what the server answers by itself, without a body of its own.</summary>
    public static ProblemResult OfStatus(int status) => status switch
    {
        400 => Of(400, "bad-request", "The request is not valid.", "The server could not read the request."),
        401 => Unauthenticated(),
        403 => Forbidden(),
        404 => Of(404, "not-found", "There is nothing here.", "No endpoint has this path. The endpoints are listed at /openapi/v1.json."),
        405 => Of(405, "method-not-allowed", "The method is not allowed.", "The header Allow names the methods of this endpoint."),
        408 => Of(408, "request-timeout", "The request came too slowly.", "Send the whole body without pauses."),
        413 => BodyTooLarge(),
        415 => UnsupportedMediaType(),
        500 => Of(500, "internal-error", "The service failed.", "The fault is logged under the trace id."),
        503 => Unavailable("The service is starting or stopping."),
        _ => Of(status, "http-" + status, "The request failed.", "The server refused the request."),
    };

    private static ProblemResult Of(
        int status, string type, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null, TimeSpan? retryAfter = null) =>
        new(new Problem { Type = TypePrefix + type, Title = title, Status = status, Detail = detail, Errors = errors }, retryAfter);
}

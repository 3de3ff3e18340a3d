using System.Net;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Hosting;
using Streams.Api.Logging;
using Streams.Api.Problems;
using Streams.Api.Telemetry;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxAuth;

/// <summary>
/// Answers MediaMTX: by the rules, by the stream's grain where a run's key is needed, and by how often the address was wrong.
/// </summary>
internal sealed partial class MediaAuthenticator(
    MediaAuthRules rules,
    GrainCalls calls,
    ApiInstruments instruments,
    RefusalLog refusals,
    IOptions<MediaAuthOptions> options,
    TimeProvider time,
    ILogger<MediaAuthenticator> logger)
{
    private readonly FailureLimiter _failures = new(options.Value.FailuresPerMinute, time);

    // As with access tokens: who was right before is not locked out by a neighbour who is wrong.
    private readonly ProvenCallers _proven = new();

    /// <summary>How many addresses and paths are remembered for being right, and how many addresses for being wrong.</summary>
    internal (int Proven, int Wrong) Remembered => (_proven.Count, _failures.Count);

    public async Task<IResult> Answer(MediaAuthRequest request, HttpContext context)
    {
        MediaVerdict verdict = rules.Decide(request);
        bool isRun = verdict.Access == MediaAccess.AsksForRun;
        if (isRun)
        {
            GrainAnswer<bool> answer = await HoldsRunKey(verdict.Path!.Value.StreamId, request, context.RequestAborted);
            if (answer.Unavailable is { } why)
            {
                Note(request, verdict, "Unavailable");
                if (refusals.Admits(RefusalKind.MediaUnavailable))
                {
                    LogUnavailable(verdict.Path.Value.StreamId, LogText.Of(request.Action), why);
                }

                return ApiProblems.Unavailable(why);
            }

            verdict = verdict with { Access = answer.Value ? MediaAccess.Allowed : MediaAccess.Refused };
        }

        return Judge(request, verdict, isRun);
    }

    private IResult Judge(MediaAuthRequest request, MediaVerdict verdict, bool isRun)
    {
        // Who only looks at what is open, waits to be asked, or holds the key of a run (which nobody can guess) is never locked out, nor remembered.
        if (verdict.Access == MediaAccess.Open || (isRun && verdict.Access == MediaAccess.Allowed))
        {
            Note(request, verdict, "Allowed");
            return TypedResults.NoContent();
        }

        if (request.IsAnonymous)
        {
            return Refuse(request, verdict);
        }

        IPAddress from = AddressOf(request);
        string path = verdict.Path?.ToString() ?? "";
        bool isAllowed = verdict.Access == MediaAccess.Allowed;
        TimeSpan? wait = isAllowed ? _failures.FindWait(from, path) : _failures.Fail(from, path, request.Guess);
        if (wait is { } blocked && !(isAllowed && _proven.Contains(from, path)))
        {
            Note(request, verdict, "Blocked");
            return ApiProblems.TooManyMediaFailures(blocked);
        }

        if (!isAllowed)
        {
            return Refuse(request, verdict);
        }

        _proven.Add(from, path);
        Note(request, verdict, "Allowed");
        return TypedResults.NoContent();
    }

    private ProblemResult Refuse(MediaAuthRequest request, MediaVerdict verdict)
    {
        Note(request, verdict, request.IsAnonymous ? "Asked" : "Refused");
        LogLevel level = request.IsAnonymous ? LogLevel.Information : LogLevel.Warning;
        if (logger.IsEnabled(level) && refusals.Admits(request.IsAnonymous ? RefusalKind.MediaAsked : RefusalKind.MediaRefused))
        {
            (string action, string path, string protocol, string from) =
                (LogText.Of(request.Action), LogText.Of(request.Path), LogText.Of(request.Protocol), LogText.Of(request.Ip));
            LogRefused(level, action, path, protocol, from, verdict.Reason, verdict.Path?.StreamId.Value ?? "");
        }

        return ApiProblems.MediaRefused(verdict.Reason);
    }

    private Task<GrainAnswer<bool>> HoldsRunKey(StreamId streamId, MediaAuthRequest request, CancellationToken cancellationToken)
    {
        string key = request.Password is { Length: > 0 } password ? password : request.Token ?? "";
        return calls.AskStream(streamId, stream => stream.HoldsRunKey(key), false, cancellationToken);
    }

    private void Note(MediaAuthRequest request, MediaVerdict verdict, string outcome) => instruments.CountMediaAccess(request.Action, verdict.Path?.Role, outcome);

    private static IPAddress AddressOf(MediaAuthRequest request) =>
        ClientNetwork.Of(IPAddress.TryParse(request.Ip, out IPAddress? address) ? address : null);

    [LoggerMessage(EventId = 1731, Message = "MediaMTX is to refuse {Action} of '{Path}' over '{Protocol}' from {RemoteAddress}: {Reason}. Stream {StreamId}")]
    private partial void LogRefused(LogLevel level, string action, string path, string protocol, string remoteAddress, string reason, string streamId);

    [LoggerMessage(1732, LogLevel.Error, "Stream {StreamId} cannot be asked who may {Action}; MediaMTX refuses meanwhile. {Reason}")]
    private partial void LogUnavailable(StreamId streamId, string action, string reason);
}

using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Logging;
using Streams.Api.Problems;
using Streams.Api.Telemetry;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxAuth;

/// <summary>
/// Answers MediaMTX who may publish and read: by the rules, by the stream's grain and the silos where a run's key is needed, and by the limit of wrong credentials.
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
    private readonly FailedAttempts _failed = new(options.Value.FailuresPerMinute, time);

    /// <inheritdoc cref="FailedAttempts.Remembered"/>
    internal (int Proven, int Wrong) Remembered => _failed.Remembered;

    public async Task<IResult> Answer(MediaAuthRequest request, HttpContext context)
    {
        MediaVerdict verdict = rules.Decide(request);
        bool isRun = verdict.Access == MediaAccess.AsksForRun;
        if (isRun)
        {
            GrainAnswer<bool> answer = await HoldsKey(verdict, request, context.RequestAborted);
            if (answer.Unavailable is { } why)
            {
                Count(request, verdict, "Unavailable");
                if (refusals.Admits(RefusalKind.MediaUnavailable))
                {
                    LogUnavailable(verdict.Path!.Value.StreamId, LogText.Of(request.Action), why);
                }

                return ApiProblems.Unavailable(why);
            }

            verdict = verdict with { Access = answer.Value ? MediaAccess.Allowed : MediaAccess.Refused };
        }

        return Conclude(request, verdict, isRun);
    }

    private IResult Conclude(MediaAuthRequest request, MediaVerdict verdict, bool isRun)
    {
        // Readers of what is open to all, anonymous requests and keys of runs (which nobody can guess) are never limited, nor remembered.
        if (verdict.Access == MediaAccess.Open || (isRun && verdict.Access == MediaAccess.Allowed))
        {
            return Allow(request, verdict);
        }

        if (request.IsAnonymous)
        {
            return Refuse(request, verdict);
        }

        string path = verdict.Path?.ToString() ?? "";
        bool isAllowed = verdict.Access == MediaAccess.Allowed;
        if (_failed.Count(IPAddress.TryParse(request.Ip, out IPAddress? address) ? address : null, path, request.Guess, proof: isAllowed ? path : null) is { } wait)
        {
            Count(request, verdict, "Blocked");
            return ApiProblems.TooManyMediaFailures(wait);
        }

        return isAllowed ? Allow(request, verdict) : Refuse(request, verdict);
    }

    private NoContent Allow(MediaAuthRequest request, MediaVerdict verdict)
    {
        Count(request, verdict, "Allowed");
        return TypedResults.NoContent();
    }

    private ProblemResult Refuse(MediaAuthRequest request, MediaVerdict verdict)
    {
        Count(request, verdict, request.IsAnonymous ? "Asked" : "Refused");
        LogLevel level = request.IsAnonymous ? LogLevel.Information : LogLevel.Warning;
        if (logger.IsEnabled(level) && refusals.Admits(request.IsAnonymous ? RefusalKind.MediaAsked : RefusalKind.MediaRefused))
        {
            (string action, string path, string protocol, string from) =
                (LogText.Of(request.Action), LogText.Of(request.Path), LogText.Of(request.Protocol), LogText.Of(request.Ip));
            LogRefused(level, action, path, protocol, from, verdict.Reason, verdict.Path?.StreamId.Value ?? "");
        }

        return ApiProblems.MediaRefused(verdict.Reason);
    }

    private async Task<GrainAnswer<bool>> HoldsKey(MediaVerdict verdict, MediaAuthRequest request, CancellationToken cancellationToken)
    {
        StreamId id = verdict.Path!.Value.StreamId;
        string key = request.Password is { Length: > 0 } password ? password : request.Token ?? "";
        bool publishes = request.Action == "publish";
        if (verdict.Side is { } side)
        {
            return await calls.Call(grains => grains.GetGrain<IRunKeysGrain>(IRunKeysGrain.Key).OpensSide(id, side.Generation, key), cancellationToken);
        }

        Task<GrainAnswer<bool>> stream = calls.CallStream(id, stream => stream.HoldsRunKey(key, publishes), false, cancellationToken);
        if (!publishes)
        {
            return await stream;
        }

        // Both at once: the stream's grain may have been on the silo that the standby steps in for.
        Task<GrainAnswer<bool>> standby = calls.Call(grains => grains.GetGrain<IRunKeysGrain>(IRunKeysGrain.Key).OpensOutput(id, key), cancellationToken);
        GrainAnswer<bool> first = await await Task.WhenAny(stream, standby);
        return first is { Unavailable: null, Value: true } ? first
            : await standby is { Unavailable: null, Value: true } late ? late
            : await stream;
    }

    private void Count(MediaAuthRequest request, MediaVerdict verdict, string outcome) => instruments.CountMediaAccess(request.Action, verdict.Path?.Role, outcome);

    [LoggerMessage(EventId = 1731, Message = "MediaMTX is to refuse {Action} of '{Path}' over '{Protocol}' from {RemoteAddress}: {Reason}. Stream {StreamId}")]
    private partial void LogRefused(LogLevel level, string action, string path, string protocol, string remoteAddress, string reason, string streamId);

    [LoggerMessage(1732, LogLevel.Error, "Stream {StreamId} cannot be asked who may {Action}; MediaMTX refuses meanwhile. {Reason}")]
    private partial void LogUnavailable(StreamId streamId, string action, string reason);
}

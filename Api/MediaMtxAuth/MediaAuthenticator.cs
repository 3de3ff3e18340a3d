using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Streams.Api;

/// <summary>
/// Answers MediaMTX: by the rules, by the stream's grain where a run's key is needed, and by how often the address was wrong about the path.
/// </summary>
internal sealed partial class MediaAuthenticator(
    MediaAuthRules rules, GrainCalls calls, ApiInstruments instruments, IOptions<MediaAuthOptions> options, ILogger<MediaAuthenticator> logger) : IDisposable
{
    private readonly PartitionedRateLimiter<(IPAddress, string)> _failures = FailureLimiter.Create<(IPAddress, string)>(options.Value.FailuresPerMinute);

    // As with access tokens: who was right before is not locked out by a neighbour who is wrong. Only right credentials get here.
    private readonly ConcurrentDictionary<(IPAddress, string), bool> _proven = new();

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
                LogUnavailable(verdict.Path.Value.StreamId, LogText.Of(request.Action), why);
                return Problems.Unavailable(why);
            }

            verdict = verdict with { Access = answer.Value ? MediaAccess.Allowed : MediaAccess.Refused };
        }

        return Judge(request, verdict, isRun);
    }

    public void Dispose() => _failures.Dispose();

    private IResult Judge(MediaAuthRequest request, MediaVerdict verdict, bool isRun)
    {
        // Who only looks at what is open, waits to be asked, or holds the key of a run (which nobody can guess) is never locked out.
        (IPAddress, string) who = (AddressOf(request), verdict.Path?.ToString() ?? "");
        bool isAllowed = verdict.Access == MediaAccess.Allowed;
        bool isFree = request.IsAnonymous || (isAllowed && isRun);
        using RateLimitLease? lease = isFree ? null : _failures.AttemptAcquire(who, permitCount: 0);
        bool isBlocked = lease is { IsAcquired: false } && !(isAllowed && _proven.ContainsKey(who));
        if (isBlocked)
        {
            Note(request, verdict, "Blocked");
            return Problems.TooManyMediaFailures(FailureLimiter.RetryAfter(lease!));
        }

        if (isAllowed)
        {
            if (!isFree)
            {
                _proven.TryAdd(who, true);
            }

            Note(request, verdict, "Allowed");
            return TypedResults.NoContent();
        }

        if (!request.IsAnonymous)
        {
            using RateLimitLease counted = _failures.AttemptAcquire(who);
        }

        return Refuse(request, verdict);
    }

    private ProblemResult Refuse(MediaAuthRequest request, MediaVerdict verdict)
    {
        Note(request, verdict, request.IsAnonymous ? "Asked" : "Refused");
        LogLevel level = request.IsAnonymous ? LogLevel.Information : LogLevel.Warning;
        if (logger.IsEnabled(level))
        {
            (string action, string path, string protocol, string from) =
                (LogText.Of(request.Action), LogText.Of(request.Path), LogText.Of(request.Protocol), LogText.Of(request.Ip));
            LogRefused(level, action, path, protocol, from, verdict.Reason, verdict.Path?.StreamId.Value ?? "");
        }

        return Problems.MediaRefused(verdict.Reason);
    }

    private Task<GrainAnswer<bool>> HoldsRunKey(StreamId streamId, MediaAuthRequest request, CancellationToken cancellationToken)
    {
        string key = request.Password is { Length: > 0 } password ? password : request.Token ?? "";
        return calls.Call(grains => grains.GetGrain<IStreamGrain>(streamId.Value).HoldsRunKey(key), cancellationToken);
    }

    private void Note(MediaAuthRequest request, MediaVerdict verdict, string outcome) => instruments.CountMediaAccess(request.Action, verdict.Path?.Role, outcome);

    private static IPAddress AddressOf(MediaAuthRequest request) =>
        FailureLimiter.NetworkOf(IPAddress.TryParse(request.Ip, out IPAddress? address) ? address : IPAddress.None);

    [LoggerMessage(EventId = 1731, Message = "MediaMTX is to refuse {Action} of '{Path}' over '{Protocol}' from {RemoteAddress}: {Reason}. Stream {StreamId}")]
    private partial void LogRefused(LogLevel level, string action, string path, string protocol, string remoteAddress, string reason, string streamId);

    [LoggerMessage(1732, LogLevel.Error, "Stream {StreamId} cannot be asked who may {Action}; MediaMTX refuses meanwhile. {Reason}")]
    private partial void LogUnavailable(StreamId streamId, string action, string reason);
}

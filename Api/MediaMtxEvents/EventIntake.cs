using System.Diagnostics;
using Streams.Api.Cluster;
using Streams.Api.Logging;
using Streams.Api.Problems;
using Streams.Api.Telemetry;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Receives the events of MediaMTX's hooks: reads the body, calls the stream's grain, and answers.</summary>
internal sealed partial class EventIntake(GrainCalls calls, ApiInstruments instruments, RefusalLog refusals, TimeProvider time, ILogger<EventIntake> logger)
{
    public async Task<IResult> Receive(SourceEventKind kind, HttpContext context)
    {
        if (!EventBody.IsJson(context.Request))
        {
            return Refuse(kind, context, ApiProblems.UnsupportedMediaType());
        }

        HookEventReading? reading;
        try
        {
            reading = await EventBody.Read(context.Request, context.RequestAborted);
        }
        catch (BadHttpRequestException bad)
        {
            return Refuse(kind, context, ApiProblems.OfStatus(bad.StatusCode));
        }

        return reading switch
        {
            null => Refuse(kind, context, ApiProblems.BodyTooLarge()),
            { Malformed: { } why } => Refuse(kind, context, ApiProblems.MalformedJson(why)),
            { Errors: { } errors } => Refuse(kind, context, ApiProblems.InvalidEvent(errors), reading.Path.StreamId),
            _ when MediaNodeNames.FindProblem(calls.MediaServers.Names, reading.Event!.Node) is { } problem => Refuse(kind, context, ApiProblems.UnknownNode(problem), reading.Path.StreamId),
            _ => await Deliver(kind, context, reading.Event!),
        };
    }

    private async Task<IResult> Deliver(SourceEventKind kind, HttpContext context, HookEvent hook)
    {
        SourceEvent sourceEvent = new()
        {
            EventId = hook.EventId ?? Guid.CreateVersion7(time.GetUtcNow()),
            Kind = kind,
            Path = hook.Path,
            Source = hook.Source,
            Query = hook.Query,
            OccurredAt = hook.OccurredAt ?? time.GetUtcNow(),
            TraceParent = Activity.Current?.Id,
            Node = hook.Node,
        };
        Dictionary<string, object?> fields = StreamScope.OfEvent(sourceEvent, ProblemResult.TraceIdOf(context));
        fields["Path"] = sourceEvent.Path.ToString();
        using IDisposable? scope = logger.BeginScope(fields);

        // A sender that disconnects does not cancel its event: the call runs on, and only its answer is lost.
        GrainAnswer<EventReceipt> answer;
        try
        {
            answer = await calls.Call(grains => grains.GetGrain<IStreamGrain>(sourceEvent.Path.StreamId.Value).Receive(sourceEvent), CancellationToken.None);
        }
        catch (Exception fault)
        {
            instruments.CountEvent(kind, ApiInstruments.Fault);
            LogFault(fault, kind);
            return ApiProblems.OfFault(fault);
        }

        if (answer.Unavailable is { } why)
        {
            instruments.CountEvent(kind, ApiInstruments.Unavailable);
            LogUnavailable(kind, why);
            return ApiProblems.Unavailable(why);
        }

#pragma warning disable RS0030 // Two processes: the API's clock and the hook's.
        instruments.CountReceived(kind, answer.Value.Outcome, time.GetUtcNow() - hook.OccurredAt);
#pragma warning restore RS0030
        LogReceived(kind, answer.Value.Outcome, answer.Value.Phase, answer.Value.Generation);
        return new EventAcceptedResult(answer.Value);
    }

    private ProblemResult Refuse(SourceEventKind kind, HttpContext context, ProblemResult refusal, StreamId streamId = default)
    {
        instruments.CountEvent(kind, ApiInstruments.Refused);
        if (logger.IsEnabled(LogLevel.Warning) && refusals.Admits(RefusalKind.Event))
        {
            Problem problem = refusal.Problem;
            string fields = problem.Errors is { } errors ? string.Join(' ', errors.Keys) : "";
            LogRefused(kind, problem.Status, problem.Type, fields, streamId.Value, ProblemResult.TraceIdOf(context));
        }

        return refusal;
    }
}

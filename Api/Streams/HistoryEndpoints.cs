using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Streams.Api.Cluster;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Streams;

/// <summary>Endpoints of a stream's past: history, ended runs and their logs.</summary>
internal static class HistoryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder stream = routes.MapGroup("/v1/streams/{id}").WithTags("Streams");
        stream.MapGet("/history", GetHistory).WithName("GetStreamHistory").Produces<HistoryView>().ProducesProblems(404, 422, 500, 503);
        stream.MapGet("/runs", GetRuns).WithName("GetStreamRuns").Produces<RunsView>().ProducesProblems(404, 422, 500, 503);
        stream.MapGet("/runs/{generation}/log", GetLog).WithName("GetStreamRunLog")
            .Produces<string>(contentType: "text/plain").ProducesProblems(404, 422, 500, 503);
    }

    /// <summary>What happened to a stream: events taken, changes of phase, operators' commands.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> GetHistory(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        ShowHistory(id, calls, static (_, history) => TypedResults.Json(HistoryView.Of(history), ApiJson.Default.HistoryView), cancellationToken);

    /// <summary>A stream's ended worker runs, each with its command, times, exit, last progress and last lines.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> GetRuns(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        ShowHistory(id, calls, static (_, history) => TypedResults.Json(RunsView.Of(history), ApiJson.Default.RunsView), cancellationToken);

    /// <summary>The last lines that a run's worker wrote, one a line: of the run that lives, or of one of the last ten that ended.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="generation">The run's number, from 1.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static async Task<IResult> GetLog(string id, string generation, GrainCalls calls, CancellationToken cancellationToken)
    {
        if (!long.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < 1)
        {
            return ApiProblems.InvalidParameter(new Dictionary<string, string[]> { ["generation"] = ["A generation is a whole number from 1."] });
        }

        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return ApiProblems.InvalidStreamId();
        }

        GrainAnswer<StreamStatus?> status = await calls.CallStream(streamId, static stream => stream.GetStatus(), null, cancellationToken);
        return status.Value is { WorkerPid: not null } live && live.Generation == number
            ? Lines(live.LogTail)
            : await ShowHistory(id, calls, (stream, history) => history.Runs.LastOrDefault(run => run.Generation == number) is { } run
                ? Lines(run.Log)
                : ApiProblems.UnknownRun(stream, number), cancellationToken);
    }

    private static ContentHttpResult Lines(IEnumerable<string> lines) => TypedResults.Text(string.Concat(lines.Select(static line => line + "\n")));

    private static async Task<IResult> ShowHistory(
        string id, GrainCalls calls, Func<StreamId, StreamHistory, IResult> show, CancellationToken cancellationToken)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return ApiProblems.InvalidStreamId();
        }

        GrainAnswer<StreamHistory?> answer = await calls.Call(
            grains => grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).GetHistory(streamId), cancellationToken);
        return answer switch
        {
            { Unavailable: { } why } => ApiProblems.Unavailable(why),
            { Value: { } history } => show(streamId, history),
            _ => ApiProblems.UnknownStream(streamId),
        };
    }
}

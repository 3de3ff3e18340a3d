using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Hosting;
using Streams.Api.Problems;

namespace Streams.Api.Feed;

/// <summary>
/// Writes the feed to one client as server-sent events, until the client goes or is too slow, access changes (a client with a valid token resumes),
/// or the service ends.
/// </summary>
internal sealed class FeedWriter(FeedMirror mirror, IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, AccessTokens tokens, TimeProvider time)
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    /// <summary>Answers a request with the feed; with 503 when there are as many clients as there may be.</summary>
    /// <param name="streamId">The only stream that the client wants; null for all.</param>
    /// <param name="context">The client's request.</param>
    public async Task Write(StreamId? streamId, HttpContext context)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource([context.RequestAborted, lifetime.ApplicationStopping, tokens.Changed]);
        int maxClients = options.Value.MaxFeedClients;
        if (mirror.TryJoin(streamId, FeedFrame.ReadId(context.Request.Headers["Last-Event-ID"]), maxClients) is not { } client)
        {
            await ApiProblems.Unavailable($"The feed has as many clients as it takes ({maxClients}).").ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await Write(client.Queue, context.Response, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the service ends.
        }
        finally
        {
            mirror.Leave(client);
        }
    }

    private async Task Write(ChannelReader<ReadOnlyMemory<byte>> queue, HttpResponse response, CancellationToken ends)
    {
        while (true)
        {
            if (!await WaitForMore(queue, response, ends))
            {
                return; // Too slow: it resumes with its next connection.
            }

            while (queue.TryRead(out ReadOnlyMemory<byte> frames))
            {
                await response.Body.WriteAsync(frames, ends);
            }

            await response.Body.FlushAsync(ends);
        }
    }

    /// <summary>Waits for frames, and writes heartbeats meanwhile. Each wait ends its own timer: a client is woken up to fifty times a second.</summary>
    private async Task<bool> WaitForMore(ChannelReader<ReadOnlyMemory<byte>> queue, HttpResponse response, CancellationToken ends)
    {
        Task<bool> more = queue.WaitToReadAsync(ends).AsTask();
        while (true)
        {
            try
            {
                return await more.WaitAsync(HeartbeatPeriod, time, ends);
            }
            catch (TimeoutException)
            {
                await response.Body.WriteAsync(FeedFrame.Heartbeat, ends);
                await response.Body.FlushAsync(ends);
            }
        }
    }
}

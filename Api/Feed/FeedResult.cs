using System.Threading.Channels;

namespace Streams.Api;

/// <summary>Writes one client's part of the feed until it goes, is too slow, access changes (a client with a valid token resumes), or the service ends.</summary>
internal sealed class FeedResult(
    FeedMirror mirror, StreamId? streamId, int maxClients, TimeProvider time, CancellationToken serviceEnds, CancellationToken accessChanges) : IResult
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource([httpContext.RequestAborted, serviceEnds, accessChanges]);
        if (mirror.TryJoin(streamId, FeedFrame.ReadId(httpContext.Request.Headers["Last-Event-ID"]), maxClients) is not { } client)
        {
            await Problems.Unavailable($"The feed has as many clients as it takes ({maxClients}).").ExecuteAsync(httpContext);
            return;
        }

        HttpResponse response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await Write(client.Queue, response, ends.Token);
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

    /// <summary>Writes heartbeats meanwhile. Each wait ends its own timer: a client is woken up to fifty times a second.</summary>
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
}

using System.Text.Json;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Answers an event with 202, written straight into the server's buffer: this is the hot path.</summary>
internal sealed class EventAcceptedResult(EventReceipt receipt) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json";
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(EventAccepted.Of(receipt), ApiJson.Default.EventAccepted);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }
}

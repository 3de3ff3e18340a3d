using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Streams.Hooks;

/// <summary>Posts one event to the API, without retrying.</summary>
/// <param name="receiver">The base address of the API.</param>
/// <param name="token">The API's bearer token, or null.</param>
/// <param name="clock">The clock that measures the budget.</param>
internal sealed class EventClient(Uri receiver, string? token, TimeProvider clock)
{
    /// <summary>The time limit for name resolution, connection, request and response together.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private const int MaxHeaderKilobytes = 16;

    /// <summary>Posts the event, and reads as much of the response as is needed to report the outcome.</summary>
    /// <param name="kind">The endpoint: <c>ready</c> or <c>not-ready</c>.</param>
    /// <param name="hookEvent">The event.</param>
    /// <param name="trace">The trace id that the request carries.</param>
    internal async Task<HookOutcome> Post(string kind, HookEvent hookEvent, ActivityTraceId trace)
    {
        using CancellationTokenSource deadline = new(Budget, clock);
        using HttpMessageInvoker http = new(NewHandler());
        using HttpRequestMessage request = NewRequest(kind, hookEvent, trace);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, deadline.Token);
            return await OutcomeOf(answer, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return Unreachable($"no answer within {Budget.TotalSeconds:0} s");
        }
        catch (HttpRequestException failed)
        {
            return Unreachable(failed.GetBaseException() is SocketException socket
                ? $"{socket.SocketErrorCode} ({socket.Message})"
                : $"no valid HTTP answer ({failed.HttpRequestError})");
        }
    }

    // No proxy, redirect, cookie or decompression: the event goes to the configured address, or nowhere.
    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = 0,
    };

    private HttpRequestMessage NewRequest(string kind, HookEvent hookEvent, ActivityTraceId trace)
    {
        string address = $"{receiver.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/mediamtx/events/{kind}";
        ByteArrayContent body = new(JsonSerializer.SerializeToUtf8Bytes(hookEvent, HookJson.Default.HookEvent));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HttpRequestMessage request = new(HttpMethod.Post, address) { Content = body };
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return request;
    }

    private async Task<HookOutcome> OutcomeOf(HttpResponseMessage answer, CancellationToken deadline)
    {
        int status = (int)answer.StatusCode;
        return answer.IsSuccessStatusCode
            ? new HookOutcome(ExitCode.Accepted)
            : new HookOutcome(
                ExitCode.Refused,
                $"refused: {status} {await ProblemDetails.TextOf(answer.Content, withDetail: status >= 500, token, deadline)}".TrimEnd(),
                status);
    }

    private HookOutcome Unreachable(string why) =>
        new(ExitCode.Unreachable, $"not reachable: {receiver.Host}:{receiver.Port}: {why}");
}

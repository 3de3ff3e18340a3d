using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Streams.Api.Door;
using Streams.Api.Feed;
using Streams.Api.Hosting;
using Streams.Api.Tests.Access;
using Streams.Api.Tests.MediaMtxAuth;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Door;

/// <summary>The front door with real connections.</summary>
[Collection(ApiCollection.Name)]
public sealed class OpenDoorTests(ApiFixture fixture)
{
    [Fact]
    public async Task Of_silent_connections_of_one_address_so_many_stay_and_hooks_authorisations_and_health_get_through()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, MediaQuestions.Keys);
        using SilentConnections silent = new(api.Port);
        await silent.Open(600);
        await AllGetThrough(api);
        await Eventually.Get(() => silent.CountOpen(), static open => open <= 64, "64 silent connections left");
        await AllGetThrough(api);
    }

    [Fact]
    public async Task Of_silent_connections_of_many_addresses_so_many_stay_and_hooks_authorisations_and_health_get_through()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, MediaQuestions.Keys);
        using SilentConnections silent = new(api.Port);
        await silent.Open(700, addresses: 100);

        await AllGetThrough(api);
        await Eventually.Get(() => silent.CountOpen(), static open => open <= FrontDoorLimits.StrangerPlaces, "the places of strangers filled, and no more");
    }

    [Fact]
    public async Task Hooks_get_through_beside_connections_that_have_asked_without_a_token_or_have_begun_to()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(MediaQuestions.Keys) { ["Streams:Api:MaxConnectionsPerAddress"] = "8" });
        using SilentConnections strangers = new(api.Port);
        await strangers.Open(60);
        for (int i = 0; i < 60; i++)
        {
            string text = (i % 3) switch { 0 => "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", 1 => "GET /v1/streams HT", _ => "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 8000\r\n\r\na" };
            await Send(strangers.Sockets[i], text);
        }

        await AllGetThrough(api);
        await Eventually.Get(() => strangers.CountOpen(), static open => open <= 8, "8 connections of strangers left");
        await AllGetThrough(api);
    }

    [Fact]
    public async Task Without_a_request_within_ten_seconds_a_connection_is_closed_whether_it_has_begun_one_or_not()
    {
        FakeTimeProvider time = new();
        await using ProtectedApi api = await ProtectedApi.Start(fixture, time: time);
        using SilentConnections silent = new(api.Port);
        await silent.Open(3);
        await Send(silent.Sockets[1], "GET /health/live HTTP/1.1\r\nHost:");
        await Send(silent.Sockets[2], "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        FrontDoor door = api.Service<FrontDoor>();
        await Eventually.True(() => door.Count.Strangers == 3 && silent.Sockets[2].Available > 0, "all are there, and one has its answer");
        time.Advance(TimeSpan.FromSeconds(11));
        await Eventually.Get(() => silent.CountOpen(), static open => open == 1, "the one with a request left");
    }

    [Fact]
    public async Task Five_hundred_clients_of_the_feed_behind_one_address_stay()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, MediaQuestions.Keys);
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProtectedApi.ReaderToken);
        HttpResponseMessage[] clients = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => FeedClient.Send(api.Http, "/v1/feed")));
        Assert.All(clients, static client => Assert.Equal(200, (int)client.StatusCode));
        using HttpResponseMessage full = await FeedClient.Send(api.Http, "/v1/feed");
        await ApiFixture.Problem(full, 503);
        using SilentConnections silent = new(api.Port);
        await silent.Open(200);
        await Eventually.Get(() => silent.CountOpen(), static open => open <= 64, "64 silent connections left");
        Assert.Equal(500, api.Service<FeedMirror>().Clients);
        await AllGetThrough(api);
        Assert.Equal(500, api.Service<FeedMirror>().Clients);
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Fact]
    public async Task A_client_that_a_trusted_proxy_names_has_so_many_requests_at_once_and_others_are_not_held_up()
    {
        TaskCompletionSource ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int waitingNow = 0;
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Api:MaxConnectionsPerAddress"] = "4" }, change: builder =>
        {
            builder.Services.AddSingleton<ITrustedProxies>(new LoopbackIsProxy());
            builder.Services.AddSingleton<IStartupFilter>(new NamedClients());
        }, map: app => app.MapGet("/test/wait", async () =>
        {
            Interlocked.Increment(ref waitingNow);
            await ends.Task;
            return "done";
        }).AllowAnonymous());
        Task<int>[] waiting = [.. Enumerable.Range(0, 4).Select(_ => api.Status(HttpMethod.Get, "/test/wait", null, ("X-Test-Client", "10.0.0.1")))];
        await Eventually.True(() => Volatile.Read(ref waitingNow) == 4, "four requests that wait");
        using HttpResponseMessage refused = await api.Get("/sign-in", null, ("X-Test-Client", "10.0.0.1"));
        await ApiFixture.Problem(refused, 429);
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/sign-in", null, ("X-Test-Client", "10.0.0.2")));
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/health/live", null, ("X-Test-Client", "10.0.0.1")));
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", ProtectedApi.ReaderToken, ("X-Test-Client", "10.0.0.1")));
        ends.SetResult();
        Assert.All(await Task.WhenAll(waiting), static status => Assert.Equal(200, status));
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/sign-in", null, ("X-Test-Client", "10.0.0.1")));
    }

    private static async Task AllGetThrough(ProtectedApi api)
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(202, await Once(api, "/v1/mediamtx/events/ready", Bodies.Full(FakeCluster.NewStream()).ToJsonString()));
            Assert.Equal(204, await Once(api, "/v1/mediamtx/auth", $$"""{"action":"publish","path":"live/demo/in","password":"{{MediaQuestions.Key}}","ip":"10.0.0.1"}"""));
            Assert.Equal(200, await Once(api, "/health/live", null));
        }
    }

    /// <summary>By a connection of its own, as the hook asks.</summary>
    private static async Task<int> Once(ProtectedApi api, string path, string? body)
    {
        using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Headers.ConnectionClose = true;
        if (body is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProtectedApi.HookToken);
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        using HttpResponseMessage answer = await api.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task Send(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (SocketException)
        {
            // Closed already: that is what it is about.
        }
    }

    private sealed class LoopbackIsProxy : ITrustedProxies
    {
        public bool Contains(IPAddress address) => IPAddress.IsLoopback(address);
    }

    /// <summary>Stands in for what reads a proxy's header.</summary>
    private sealed class NamedClients : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static (context, then) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers["X-Test-Client"], out IPAddress? client) ? client : context.Connection.RemoteIpAddress;
                return then(context);
            });
            next(app);
        };
    }
}

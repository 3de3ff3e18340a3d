using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Streams.Api.Hosting;
using Streams.Api.Problems;

namespace Streams.Api.Door;

/// <summary>Connection and request middleware of the <see cref="FrontDoor"/>.</summary>
internal static class FrontDoorMiddleware
{
    /// <summary>Listen backlog: connections that the kernel keeps until they are accepted. A burst must not cost a hook the second until its next attempt; Linux allows no more by default.</summary>
    private const int Backlog = 4_096;

    public static void AddFrontDoor(this IServiceCollection services)
    {
        services.AddSingleton(static provider => FrontDoorLimits.Of(provider.GetRequiredService<IOptions<ApiOptions>>().Value));
        services.AddSingleton<FrontDoor>();
        services.AddSingleton<ProxiedRequests>();
        services.Configure<SocketTransportOptions>(static sockets => sockets.Backlog = Backlog);
    }

    /// <summary>Adds the middleware for connections, before anything is read from one.</summary>
    public static void UseFrontDoor(this ListenOptions listen, IServiceProvider services)
    {
        FrontDoor door = services.GetRequiredService<FrontDoor>();
        listen.Use(next => connection => Serve(door, next, connection));
    }

    /// <summary>Adds the middleware for requests, after authentication and before anything else is done for one.</summary>
    public static void UseFrontDoor(this WebApplication app)
    {
        FrontDoor door = app.Services.GetRequiredService<FrontDoor>();
        ProxiedRequests proxied = app.Services.GetRequiredService<ProxiedRequests>();
        app.Use((context, next) => context.Features.Get<DoorConnection>() is { } connection ? Serve(door, proxied, connection, next, context) : next(context));
    }

    private static async Task Serve(FrontDoor door, ConnectionDelegate next, ConnectionContext context)
    {
        DoorConnection? connection = door.Enter((context.RemoteEndPoint as IPEndPoint)?.Address, () => context.Abort(new ConnectionAbortedException("Its place was needed.")));
        if (connection is null)
        {
            context.Abort(new ConnectionAbortedException("There is no place for it."));
            return;
        }

        context.Features.Set(connection);
        try
        {
            await next(context);
        }
        finally
        {
            door.Leave(connection);
        }
    }

    private static async Task Serve(FrontDoor door, ProxiedRequests proxied, DoorConnection connection, RequestDelegate next, HttpContext context)
    {
        bool isKnown = context.User.Identity is { IsAuthenticated: true };
        bool isReserved = ReservedPlace.IsFor(context);
        IPAddress? counted = connection.IsProxy && !isKnown && !isReserved ? ClientNetwork.Of(context.Connection.RemoteIpAddress) : null;
        bool hasPlace = door.BeginRequest(connection, isKnown, isReserved);
        try
        {
            if (!hasPlace)
            {
                await ApiProblems.Unavailable("There are as many connections as the service takes.").ExecuteAsync(context);
            }
            else if (counted is null)
            {
                await next(context);
            }
            else if (proxied.TryBegin(counted))
            {
                await ServeCounted(proxied, counted, next, context);
            }
            else
            {
                await ApiProblems.TooManyRequests().ExecuteAsync(context);
            }
        }
        finally
        {
            door.EndRequest(connection);
        }
    }

    private static async Task ServeCounted(ProxiedRequests proxied, IPAddress client, RequestDelegate next, HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            proxied.End(client);
        }
    }
}

using Microsoft.AspNetCore.HttpOverrides;

namespace Streams.Api.Hosting;

/// <summary>Support for reverse proxies (<c>docs/reverse-proxy.md</c>): forwarded headers and the public address.</summary>
internal static class ProxyHosting
{
    private static readonly object OriginalPath = new();

    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TrustedProxies>();
        builder.Services.AddSingleton<ITrustedProxies>(static provider => provider.GetRequiredService<TrustedProxies>());
        builder.Services.AddSingleton<PublicAddress>();

        // ASPNETCORE_FORWARDEDHEADERS_ENABLED would make ASP.NET believe everybody.
        builder.Configuration["ForwardedHeaders_Enabled"] = "false";
    }

    /// <summary>Restores each request as the browser sent it, and routes it. Comes before everything that reads either.</summary>
    public static void Use(WebApplication app)
    {
        TrustedProxies proxies = app.Services.GetRequiredService<TrustedProxies>();
        if (proxies.Networks.Count > 0)
        {
            app.UseMiddleware<ForwardedReader>();
            app.UseForwardedHeaders(OptionsFor(proxies));
        }

        PublicAddress address = app.Services.GetRequiredService<PublicAddress>();
        if (address.Url is not null)
        {
            UsePublicAddress(app, address);
        }
        else
        {
            app.UseRouting();
        }
    }

    // Without a network in these lists the middleware would believe everybody.
    private static ForwardedHeadersOptions OptionsFor(TrustedProxies proxies)
    {
        ForwardedHeadersOptions options = new()
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (System.Net.IPNetwork network in proxies.Networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        return options;
    }

    // The path may have been stripped by the proxy or not. Where both may be meant, as in /streams/demo below the path /streams, it is taken for
    // passed on if the rest is an endpoint.
    private static void UsePublicAddress(WebApplication app, PublicAddress address)
    {
        app.Use((context, next) =>
        {
            HttpRequest request = context.Request;
            request.Scheme = address.SchemeOf(request);
            request.PathBase = address.Path;
            if (address.Path.HasValue && request.Path.StartsWithSegments(address.Path, out PathString rest))
            {
                context.Items[OriginalPath] = request.Path;
                request.Path = rest.HasValue ? rest : "/";
            }

            return next(context);
        });
        app.UseRouting();
        app.Use(static (context, next) =>
        {
            if (context.GetEndpoint() is null && context.Items[OriginalPath] is PathString asked)
            {
                context.Request.Path = asked;
            }

            return next(context);
        });
        app.UseRouting();
    }
}

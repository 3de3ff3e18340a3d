using System.Net;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaMtx.Standin.Http;

/// <summary>The HTTP servers of MediaMTX on their ports; one Kestrel has them all.</summary>
internal sealed class HttpServers : IAsyncDisposable
{
    private readonly List<(IPEndPoint Address, RequestDelegate Handler)> _servers = [];
    private WebApplication? _application;

    /// <summary>Adds a server; null as address is one that is switched off.</summary>
    public void Add(string? address, RequestDelegate handler)
    {
        if (address is not null)
        {
            _servers.Add((ListenAddress.Parse(address), handler));
        }
    }

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public async Task Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        _application = builder.Build();
        _application.Run(Dispatch);
        try
        {
            await _application.StartAsync();
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            IPEndPoint taken = _servers.Select(server => server.Address)
                .First(address => error.Message.Contains($":{address.Port}:", StringComparison.Ordinal));
            throw new IOException($"listen tcp {taken}: bind: address already in use", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.StopAsync();
            await _application.DisposeAsync();
        }
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        foreach ((IPEndPoint address, RequestDelegate _) in _servers)
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                options.ListenAnyIP(address.Port);
            }
            else
            {
                options.Listen(address);
            }
        }
    }

    private Task Dispatch(HttpContext http)
    {
        http.Response.Headers.Server = "mediamtx-standin";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return _servers.First(server => server.Address.Port == http.Connection.LocalPort).Handler(http);
    }
}

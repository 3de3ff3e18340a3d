using System.ComponentModel.DataAnnotations;
using Streams.Api.Configuration;

namespace Streams.Api.Hosting;

/// <summary>Where the HTTP API listens and how long it waits; configuration section <c>Streams:Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Api";

    /// <summary>The IP address to listen on; <c>0.0.0.0</c> or <c>::</c> for all. Default <c>127.0.0.1</c>.</summary>
    [IpAddress]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The TCP port, 1 to 65535. Default 8080.</summary>
    [Range(1, 65_535, ErrorMessage = "must be a port between 1 and 65535.")]
    public int Port { get; set; } = 8080;

    /// <summary>
    /// The address by which browsers reach the service through a reverse proxy, for example <c>https://media.example.com/streams</c>: scheme, host,
    /// port and path. Links, cookies, the check of origins and the OpenAPI document follow it, whether the proxy strips the path or passes it
    /// on. Default empty: what each request says, without a path.
    /// </summary>
    [PublicUrl]
    public string PublicUrl { get; set; } = "";

    /// <summary>
    /// IP addresses and networks, separated by commas, of the reverse proxies that are believed when they name their client and its scheme and host
    /// (<c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c>, or <c>Forwarded</c>). Default empty: nobody is.
    /// </summary>
    [TrustedProxies]
    public string TrustedProxies { get; set; } = "";

    /// <summary>
    /// How long a request waits for a stream's grain or the catalog before it is answered with 503; 10 ms to 30 s. The default, 1.5 s, leaves
    /// the hook, which gives up after 2 s, enough to read the answer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30", ErrorMessage = "must be a time between 00:00:00.010 and 00:00:30.")]
    public TimeSpan GrainTimeout { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long <c>/health/ready</c> waits for the catalog; 10 ms to 30 s. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30", ErrorMessage = "must be a time between 00:00:00.010 and 00:00:30.")]
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many connections one address (of IPv6 a network of 64 bits) may have that have shown no valid secret; of what is more, those that wait
    /// are closed. Behind a trusted proxy: how many requests at the same time. 4 to 512. Default 64.
    /// </summary>
    [Range(4, 512, ErrorMessage = "must be a number between 4 and 512.")]
    public int MaxConnectionsPerAddress { get; set; } = 64;

    /// <summary>How many clients may follow the feed at the same time, 1 to 1000; more are answered with 503. Default 500.</summary>
    [Range(1, 1_000, ErrorMessage = "must be a number between 1 and 1000.")]
    public int MaxFeedClients { get; set; } = 500;
}

using System.Net;
using Streams.Api.Hosting;

namespace Streams.Api.Tests.Door;

/// <summary>Trusts no proxy: every peer is a client of its own.</summary>
internal sealed class NoTrustedProxies : ITrustedProxies
{
    public bool Contains(IPAddress address) => false;
}

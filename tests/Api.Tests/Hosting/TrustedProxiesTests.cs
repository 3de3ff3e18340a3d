using System.Net;
using Microsoft.Extensions.Options;
using Streams.Api.Hosting;
using Xunit;

namespace Streams.Api.Tests.Hosting;

/// <summary>Parsing and matching of trusted proxies.</summary>
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData(" 10.0.0.0/8 ,, ::1 ", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8,::1", "::1", true)]
    [InlineData("10.0.0.0/8,::1", "11.0.0.1", false)]
    [InlineData("10.0.0.7", "::ffff:10.0.0.7", true)]
    [InlineData("fd00::/8", "fd12:3456::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    [InlineData("fd00::/8", "10.0.0.1", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    public void It_is_one_of_the_addresses_or_in_one_of_the_networks(string setting, string address, bool isTrusted) =>
        Assert.Equal(isTrusted, new TrustedProxies(Options.Create(new ApiOptions { TrustedProxies = setting })).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("10")]
    [InlineData("10.0.0")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1:80")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fd00::/129")]
    [InlineData("*")]
    [InlineData("http://10.0.0.1")]
    public void What_is_neither_is_wrong(string entry) => Assert.Equal([entry], TrustedProxies.Parse($"10.0.0.7, {entry}").Wrong);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Streams.Api.Hosting;
using Xunit;

namespace Streams.Api.Tests.Hosting;

/// <summary>The address by which browsers reach the service.</summary>
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("https://media.example.com/streams", "https://media.example.com/streams", "https://media.example.com", "/streams")]
    [InlineData("https://media.example.com/streams/", "https://media.example.com/streams", "https://media.example.com", "/streams")]
    [InlineData("HTTPS://Media.Example.com:443", "https://media.example.com", "https://media.example.com", "")]
    [InlineData("http://10.0.0.7:8000/", "http://10.0.0.7:8000", "http://10.0.0.7:8000", "")]
    [InlineData("https://[fd00::7]:8443/a/b-c_d.e~f", "https://[fd00::7]:8443/a/b-c_d.e~f", "https://[fd00::7]:8443", "/a/b-c_d.e~f")]
    [InlineData("https://exämple.com/x", "https://xn--exmple-cua.com/x", "https://xn--exmple-cua.com", "/x")]
    public void It_has_a_scheme_a_host_a_port_and_a_path(string setting, string url, string origin, string path)
    {
        Assert.True(PublicAddress.IsAddress(setting));
        PublicAddress address = new(Options.Create(new ApiOptions { PublicUrl = setting }));
        Assert.Equal((url, origin, path), (address.Url, address.OriginOf(Asked()), address.Path.ToString()));
    }

    [Fact]
    public void Without_it_the_request_says_where_it_was_sent()
    {
        PublicAddress address = new(Options.Create(new ApiOptions()));
        Assert.Equal((null, "http://10.0.0.9:8080", ""), (address.Url, address.OriginOf(Asked()), address.Path.ToString()));
    }

    [Theory]
    [InlineData("media.example.com")]
    [InlineData("//media.example.com/streams")]
    [InlineData("/streams")]
    [InlineData("ftp://media.example.com")]
    [InlineData("https://")]
    [InlineData("https:///streams")]
    [InlineData("https://user@media.example.com")]
    [InlineData("https://media.example.com:0")]
    [InlineData("https://media.example.com:65536")]
    [InlineData("https://media.example.com/a//b")]
    [InlineData("https://media.example.com/a;b")]
    [InlineData("https://media.example.com/a%2Fb")]
    [InlineData("https://media.example.com/a b")]
    [InlineData("https://media.example.com/?a")]
    [InlineData("https://media.example.com/#a")]
    [InlineData("https://media.example.com/a\n")]
    [InlineData(" https://media.example.com")]
    public void What_is_no_address_of_a_service_is_refused(string setting) => Assert.False(PublicAddress.IsAddress(setting));

    private static HttpRequest Asked() => new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("10.0.0.9", 8080) } }.Request;
}

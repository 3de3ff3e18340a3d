using Microsoft.AspNetCore.Http;
using Streams.Api.Pages;
using Xunit;

namespace Streams.Api.Tests.Pages;

/// <summary>Address of the preview's player.</summary>
public sealed class PreviewOptionsTests
{
    [Theory]
    [InlineData("localhost:8080", "http://localhost:8888")]
    [InlineData("10.0.0.7", "http://10.0.0.7:8888")]
    [InlineData("[::1]:8080", "http://[::1]:8888")]
    [InlineData("evil.example; script-src *", null)]
    [InlineData("", null)]
    public void Without_an_address_it_is_the_name_that_was_asked_for(string asked, string? origin) =>
        Assert.Equal(origin, new PreviewOptions().OriginFor("http", new HostString(asked)));

    [Fact]
    public void A_set_address_wins_and_port_0_is_none()
    {
        Assert.Equal("https://media.example", new PreviewOptions { HlsUrl = "https://media.example", HlsPort = 0 }.OriginFor("https", new HostString("x")));
        Assert.Null(new PreviewOptions { HlsPort = 0 }.OriginFor("http", new HostString("localhost")));
    }

    [Fact]
    public void A_page_by_https_has_none_unless_an_address_is_set() => Assert.Null(new PreviewOptions().OriginFor("https", new HostString("media.example")));
}

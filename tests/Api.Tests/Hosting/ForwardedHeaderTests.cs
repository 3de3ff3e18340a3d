using System.Net;
using Streams.Api.Hosting;
using Xunit;

namespace Streams.Api.Tests.Hosting;

/// <summary>The header <c>Forwarded</c> (RFC 7239).</summary>
public sealed class ForwardedHeaderTests
{
    [Theory]
    [InlineData("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60:0 http ")]
    [InlineData("For=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:4711  ")]
    [InlineData("for=192.0.2.43, for=198.51.100.17;Proto=HTTPS;host=\"media.example.com:8443\"", "192.0.2.43:0  |198.51.100.17:0 https media.example.com:8443")]
    [InlineData(" for = 1.2.3.4", null)]
    [InlineData("for=1.2.3.4 ; proto=https ,\tfor=5.6.7.8", "1.2.3.4:0 https |5.6.7.8:0  ")]
    [InlineData("for=1.2.3.4:99;host=media.example.com:443", "1.2.3.4:99  media.example.com:443")]
    [InlineData("for=unknown;proto=https", " https ")]
    [InlineData("for=_hidden, for=\"_x:_y\"", "  |  ")]
    [InlineData("for=\"1.2.3\\.4\"", "1.2.3.4:0  ")]
    [InlineData("proto=ftp;host=\"a b\"", "  ")]
    [InlineData("host=\"evil/.example\";secret=x", "  ")]
    [InlineData("host=\"a:99999999\"", "  ")]
    [InlineData("", "")]
    [InlineData(", ;,", "")]
    [InlineData("for=1.2.3.4;for=5.6.7.8", null)]
    [InlineData("for=1.2.3.4 5", null)]
    [InlineData("for", null)]
    [InlineData("for=\"1.2.3.4", null)]
    [InlineData("for=6.6.6.6;x=\", for=1.2.3.4", null)]
    [InlineData("for=6.6.6.6;x=\", for=\"[::1]\";proto=https", null)]
    [InlineData("for=\"a\"b", null)]
    public void It_is_read_whole_or_not_at_all(string line, string? hops) => Assert.Equal(hops, Text(ForwardedHeader.Parse([line])));

    [Fact]
    public void Lines_are_one_list_and_one_that_is_malformed_spoils_all()
    {
        Assert.Equal("1.1.1.1:0  |2.2.2.2:0  |3.3.3.3:0  ", Text(ForwardedHeader.Parse(["for=1.1.1.1, for=2.2.2.2", "for=3.3.3.3"])));
        Assert.Null(ForwardedHeader.Parse(["for=\"", "for=3.3.3.3"]));
    }

    private static string? Text(IReadOnlyList<ForwardedHop>? hops) =>
        hops is null ? null : string.Join('|', hops.Select(static hop => $"{hop.For} {hop.Scheme} {hop.Host}"));
}

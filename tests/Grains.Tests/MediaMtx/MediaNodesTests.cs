using Microsoft.Extensions.Options;
using Xunit;

namespace Streams.Grains.Tests.MediaMtx;

/// <summary>A media server is described by its URLs; whatever is no URL is refused at the start, with the setting's name.</summary>
public sealed class MediaNodesTests
{
    [Theory]
    [InlineData("127.0.0.1", "rtsp://127.0.0.1:8554")]
    [InlineData("::1", "rtsp://[::1]:8554")]
    [InlineData("[::1]", "rtsp://[::1]:8554")]
    [InlineData("192.168.1.20", "rtsp://192.168.1.20:8554")]
    [InlineData("2001:db8::7", "rtsp://[2001:db8::7]:8554")]
    [InlineData("media.example.com", "rtsp://media.example.com:8554")]
    public void A_host_in_every_form_makes_URLs(string host, string rtsp)
    {
        MediaOptions media = new() { Host = host };
        Assert.True(Validate(media).Succeeded);
        Assert.Equal(rtsp, MediaNode.Base(new MediaNodes(Options.Create(media)).Default.Rtsp));
    }

    [Fact]
    public void Each_URL_has_a_host_of_its_own()
    {
        MediaOptions media = new() { Nodes = [new() { ApiUrl = "http://127.0.0.1:9997", RtspUrl = "rtsp://[2001:db8::7]:554", RtmpUrl = "rtmps://media.example.com:443/" }] };
        Assert.True(Validate(media).Succeeded);
        MediaNode node = new MediaNodes(Options.Create(media)).Default;
        Assert.Equal(["127.0.0.1:9997", "[2001:db8::7]:554", "media.example.com:443"], [MediaNode.Authority(node.Api), MediaNode.Authority(node.Rtsp), MediaNode.Authority(node.Rtmp)]);
    }

    [Theory]
    [InlineData("rtsp://127.0.0.1:9997")]
    [InlineData("http://::1:9997")]
    [InlineData("127.0.0.1:9997")]
    [InlineData("http://host:99999")]
    [InlineData("http://admin:admin@host:9997")]
    [InlineData("http://host:9997/path")]
    [InlineData("http://:9997")]
    [InlineData("http://host name:9997")]
    public void A_wrong_URL_is_refused_and_its_setting_named(string url) => Assert.Contains(
        Validate(new MediaOptions { Nodes = [new() { ApiUrl = url }] }).Failures!, failure => failure.Contains("Streams:Media:Nodes:0:ApiUrl", StringComparison.Ordinal) && failure.Contains(url, StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("host:8554")]
    [InlineData("http://host")]
    [InlineData("[127.0.0.1]")]
    [InlineData("a b")]
    public void A_wrong_host_is_refused_and_its_setting_named(string host) =>
        Assert.Contains(Validate(new MediaOptions { Host = host }).Failures!, static failure => failure.Contains("Streams:Media:Host", StringComparison.Ordinal));

    [Fact]
    public void A_second_media_server_is_refused() =>
        Assert.Contains(Validate(new MediaOptions { Nodes = [new(), new() { Name = "b" }] }).Failures!, static failure => failure.Contains("Streams:Media:Nodes", StringComparison.Ordinal));

    private static ValidateOptionsResult Validate(MediaOptions options) => new MediaOptionsValidator().Validate(null, options);
}

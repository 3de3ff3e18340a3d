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
        Assert.Equal(rtsp, MediaNode.Base(new MediaNodes(Options.Create(media)).First.Rtsp));
    }

    [Fact]
    public void Each_URL_has_a_host_of_its_own()
    {
        MediaOptions media = new() { Nodes = [new() { ApiUrl = "http://127.0.0.1:9997", RtspUrl = "rtsp://[2001:db8::7]:554", RtmpUrl = "rtmps://media.example.com:443/" }] };
        Assert.True(Validate(media).Succeeded);
        MediaNode node = new MediaNodes(Options.Create(media)).First;
        Assert.Equal(["127.0.0.1:9997", "[2001:db8::7]:554", "media.example.com:443"], [MediaNode.Authority(node.Api), MediaNode.Authority(node.Rtsp), MediaNode.Authority(node.Rtmp)]);
    }

    [Theory]
    [InlineData("rtsp://127.0.0.1:9997")]
    [InlineData("http://::1:9997")]
    [InlineData("127.0.0.1:9997")]
    [InlineData("http://host:99999")]
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

    [Theory]
    [InlineData("https://b.example; script-src *")]
    [InlineData("http://b.example/live")]
    [InlineData("b.example")]
    public void The_address_of_a_player_is_an_address_and_nothing_more(string url) =>
        Assert.Contains(MediaNodeNames.FindErrors(new MediaOptions { Nodes = [new() { HlsUrl = url }] }), static error => error.Setting == "Streams:Media:Nodes:0:HlsUrl");

    [Fact]
    public void A_port_of_a_player_is_a_port() =>
        Assert.Equal("Streams:Media:Nodes:0:HlsPort", Assert.Single(MediaNodeNames.FindErrors(new MediaOptions { Nodes = [new() { HlsPort = 70_000, HlsUrl = "https://[::1]:8443" }] })).Setting);

    [Fact]
    public void A_URL_with_a_password_is_refused_without_repeating_it()
    {
        string refusal = Assert.Single(Validate(new MediaOptions { Nodes = [new() { ApiUrl = "http://admin:s3cret@host:9997" }] }).Failures!);
        Assert.Contains("Streams:Media:Nodes:0:ApiUrl", refusal, StringComparison.Ordinal);
        Assert.Contains("@host:9997", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_there_is_one_called_default() =>
        Assert.Equal(("default", ""), (new MediaNodes(Options.Create(new MediaOptions())).First.Name, new MediaNodes(Options.Create(new MediaOptions())).First.Zone));

    [Fact]
    public void Several_have_names_credentials_and_zones_of_their_own()
    {
        MediaNodeOptions b = Node("b");
        (b.ApiUser, b.ApiPassword, b.WorkerPassword, b.Zone) = ("root", "b-api", "b-worker", "west");
        MediaOptions media = new() { ApiPassword = "api", Nodes = [Node("a"), b] };
        Assert.True(Validate(media).Succeeded);
        MediaNodes nodes = new(Options.Create(media));
        Assert.Equal([("admin", "api"), ("root", "b-api")], nodes.All.Select(static node => node.ApiCredentials));
        Assert.Equal([("worker", "worker"), ("worker", "b-worker")], nodes.All.Select(static node => node.WorkerCredentials));
        Assert.Equal(("b.example", "west"), (nodes.Find("b").Rtsp.Host, nodes.Find("b").Zone));
        Assert.Equal(["a", "a"], [nodes.Find(null).Name, nodes.Find("gone").Name]);
        Assert.DoesNotContain("b-", $"{nodes.Find("b")}{nodes.Find("b") with { Zone = "" }}"[1..], StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_several_is_told_at_once_with_the_settings_names()
    {
        MediaNodeOptions incomplete = Node("c");
        (incomplete.RtspUrl, incomplete.RtmpUrl) = ("", "");
        string[] failures = [.. Validate(new MediaOptions { Nodes = [Node("a"), Node("a"), incomplete, Node("no name"), Node(new string('x', 65))] }).Failures!];
        Assert.Equal(
            ["Nodes:1:Name", "Nodes:3:Name", "Nodes:4:Name", "Nodes:2:RtspUrl", "Nodes:2:RtmpUrl"],
            failures.Select(static failure => failure.Split("Streams:Media:")[1].Split(": ")[0]));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void There_are_32_at_most(int count, bool isAllowed) =>
        Assert.Equal(isAllowed, Validate(new MediaOptions { Nodes = [.. Enumerable.Range(0, count).Select(static number => Node($"media-{number}"))] }).Succeeded);

    private static MediaNodeOptions Node(string name) =>
        new() { Name = name, ApiUrl = $"http://{(name.Length == 1 ? name : "x")}.example:9997", RtspUrl = $"rtsp://{(name.Length == 1 ? name : "x")}.example:8554", RtmpUrl = "rtmp://x.example:1935" };

    private static ValidateOptionsResult Validate(MediaOptions options) => new MediaOptionsValidator().Validate(null, options);
}

using System.Net;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class OtherServersTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task Playback_has_nothing_where_nothing_was_ever_recorded(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        using HttpResponseMessage none = await server.Api.GetAsync(new Uri(server.PlaybackUrl, "/list?path=live/none/in"));
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.EndsWith("recordings/live/none/in: no such file or directory\"}", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage invalid = await server.Api.GetAsync(new Uri(server.PlaybackUrl, "/list"));
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
    }

    [Theory, OnBothServers]
    public async Task Recordings_are_for_the_operator_only(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        using HttpClient anonymous = new();
        using HttpResponseMessage refused = await anonymous.GetAsync(new Uri(server.PlaybackUrl, "/list?path=live/demo/in"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_stand_in_says_that_it_has_no_HLS()
    {
        MediaServer server = await servers.Get(MediaServerKind.Standin);
        using HttpResponseMessage answer = await server.Api.GetAsync(new Uri(server.HlsUrl, "/live/demo/in/index.m3u8"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("does not serve HLS", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("mediamtx-standin", answer.Headers.Server.ToString());
    }
}

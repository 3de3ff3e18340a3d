using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using Xunit;

namespace Streams.Grains.Tests.MediaMtx;

public sealed class LivePathsTests
{
    /// <summary>As MediaMTX v1.20.1 shows them; v1.18 knows no "online".</summary>
    [Theory]
    [InlineData("""{"available":true,"online":true,"source":{"type":"rtmpConn","id":"a"}}""", true)]
    [InlineData("""{"available":true,"online":true,"source":{"type":"rtspSource","id":""}}""", true)]
    [InlineData("""{"available":false,"online":true,"source":{"type":"rtspSource","id":""}}""", false)]
    [InlineData("""{"available":true,"online":false,"source":null}""", false)]
    [InlineData("""{"ready":true,"source":{"type":"rtmpConn","id":"a"}}""", true)]
    [InlineData("""{"ready":false,"source":{"type":"rtspSource","id":""}}""", false)]
    [InlineData("""{"available":true,"source":{"type":"rtspSession","id":"a"},"tracks2":[{"codec":"VP9","codecProps":{"profile":0}}]}""", true)]
    [InlineData("""{"available":true,"source":{"type":"rtspSession","id":"a"},"tracks2":[{"codec":"AV1","codecProps":{"profile":0,"level":"5","width":1e99}}]}""", true)]
    [InlineData("""{"available":true,"source":{"type":"rtspSession","id":"a"},"tracks2":[{"codec":"X","codecProps":[1]},{"codec":"Y","codecProps":null}]}""", true)]
    public async Task A_path_is_live_while_somebody_publishes_it_and_it_can_be_read(string path, bool isLive)
    {
        using Answer answer = new($$"""{"itemCount":1,"pageCount":1,"items":[{"name":"live/demo/in",{{path[1..]}}]}""");
        using HttpClient http = new(answer);
        MediaMtxClient client = new(http, new MediaNodes(Options.Create(new MediaOptions())).First);
        Assert.Equal(isLive ? 1 : 0, (await client.ListLivePaths(TestContext.Current.CancellationToken)).Length);
    }

    private sealed class Answer(string json) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") });
    }
}

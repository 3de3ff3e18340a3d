using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Streams.Grains.Tests.MediaMtx;

public sealed class SourceConnectionsTests
{
    private readonly ServiceProvider _services = new ServiceCollection().AddOptions().Configure<MediaOptions>(static _ => { }).BuildServiceProvider();

    [Fact]
    public async Task A_query_that_was_told_is_not_asked_for_again()
    {
        using ControlApi api = new(_ => """{"query":"lang=en"}""");
        SourceConnections queries = Asking(api);
        for (int poll = 0; poll < 3; poll++)
        {
            Assert.Equal("lang=en", Assert.Single(await queries.AddTo([Input("a")], TestContext.Current.CancellationToken)).View.Source.Query);
        }

        Assert.Equal(1, api.Questions);
    }

    [Fact]
    public async Task A_query_that_is_told_late_is_still_taken()
    {
        using ControlApi api = new(static question => question < 3 ? null : """{"query":"lang=en"}""");
        SourceConnections queries = Asking(api);
        string[] seen = new string[3];
        for (int poll = 0; poll < seen.Length; poll++)
        {
            seen[poll] = (await queries.AddTo([Input("a")], TestContext.Current.CancellationToken))[0].View.Source.Query;
        }

        Assert.Equal(["", "", "lang=en"], seen);
    }

    [Fact]
    public async Task A_source_that_MediaMTX_does_not_know_is_not_asked_for_for_ever_and_a_new_one_is()
    {
        using ControlApi api = new(static _ => null);
        SourceConnections queries = Asking(api);
        for (int poll = 0; poll < 50; poll++)
        {
            await queries.AddTo([Input("a")], TestContext.Current.CancellationToken);
        }

        Assert.Equal(10, api.Questions);
        await queries.AddTo([Input("b")], TestContext.Current.CancellationToken);
        Assert.Equal(11, api.Questions);
    }

    private SourceConnections Asking(ControlApi api) => new(new MediaMtxClient(new HttpClient(api), new MediaNodes(_services.GetRequiredService<IOptions<MediaOptions>>()).First));

    private static (StreamPath Path, PathView View) Input(string source) => (
        new StreamPath(StreamId.Parse("demo"), PathRole.Input),
        new PathView { Source = new LiveSource("rtmpConn", source, "", DateTimeOffset.UnixEpoch), Tracks = ImmutableArray<string>.Empty });

    /// <summary>Answers questions, counted from 1, with a body, or that there is no such connection.</summary>
    private sealed class ControlApi(Func<int, string?> answer) : HttpMessageHandler
    {
        public int Questions { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(++Questions) is { } body
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class RunUrlsTests
{
    private static readonly StreamId Id = StreamId.Parse("demo");
    private readonly RunKey _key = new();

    [Fact]
    public void With_MediaMTXs_own_users_all_workers_have_one_password()
    {
        RunUrls urls = Urls(MediaAuthMethod.Internal);
        Assert.Equal("rtsp://127.0.0.1:8554/live/demo/in", urls.Input(Id, _key));
        Assert.Equal("rtmp://127.0.0.1:1935/live/demo/out?user=worker&pass=s%26cret", urls.Output(Id, _key));
        Assert.Equal("rtsp://worker:s%26cret@127.0.0.1:8554/live/demo/out", urls.OutputRtsp(Id, _key));
        Assert.Equal("open rtsp://worker:***@127.0.0.1:8554/live/demo/out failed", Redact(urls, $"open {urls.OutputRtsp(Id, _key)} failed"));
        Assert.Equal("open rtmp://x/live/demo/out?user=worker&pass=*** failed", Redact(urls, "open rtmp://x/live/demo/out?user=worker&pass=s%26cret failed"));
    }

    [Fact]
    public void Where_MediaMTX_asks_Streams_the_runs_key_is_in_both_and_in_no_line()
    {
        RunUrls urls = Urls(MediaAuthMethod.Http);
        Assert.Equal($"rtsp://worker:{_key.Value}@127.0.0.1:8554/live/demo/in", urls.Input(Id, _key));
        Assert.Equal($"rtmp://127.0.0.1:1935/live/demo/out?user=worker&pass={_key.Value}", urls.Output(Id, _key));
        Assert.Equal($"rtsp://worker:{_key.Value}@127.0.0.1:8554/live/demo/out", urls.OutputRtsp(Id, _key));
        string said = $"{urls.Input(Id, _key)} and {urls.Output(Id, _key)} and {urls.OutputRtsp(Id, _key)} and {_key.Value.ToUpperInvariant()} alone";
        Assert.DoesNotContain(_key.Value, Redact(urls, said), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void No_two_runs_have_the_same_key_and_none_shows_it()
    {
        RunKey other = new();
        Assert.True(_key.Is(_key.Value));
        Assert.False(_key.Is(other.Value));
        Assert.False(_key.Is(""));
        Assert.DoesNotContain(_key.Value, $"{_key}", StringComparison.Ordinal);
    }

    private string Redact(RunUrls urls, string line) => new SecretRedactor(urls.Secrets(_key)).Redact(line);

    private static RunUrls Urls(MediaAuthMethod auth)
    {
        ServiceCollection services = new();
        services.Configure<MediaOptions>(media => (media.Auth, media.WorkerPassword) = (auth, "s&cret"));
        IOptions<MediaOptions> options = services.BuildServiceProvider().GetRequiredService<IOptions<MediaOptions>>();
        return new RunUrls(options, new MediaNodes(options));
    }
}

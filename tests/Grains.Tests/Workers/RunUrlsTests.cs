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
        Assert.Equal("rtsp://127.0.0.1:8554/live/demo/in", urls.Input(Run(), _key));
        Assert.Equal("rtmp://127.0.0.1:1935/live/demo/out?user=worker&pass=s%26cret", urls.Output(Run(), _key));
        Assert.Equal("rtsp://worker:s%26cret@127.0.0.1:8554/live/demo/out", urls.OutputRtsp(Run(), _key));
        Assert.Equal("open rtsp://worker:***@127.0.0.1:8554/live/demo/out failed", Redact(urls, $"open {urls.OutputRtsp(Run(), _key)} failed"));
        Assert.Equal("open rtmp://x/live/demo/out?user=worker&pass=*** failed", Redact(urls, "open rtmp://x/live/demo/out?user=worker&pass=s%26cret failed"));
    }

    [Fact]
    public void Where_MediaMTX_asks_Streams_the_runs_key_is_in_both_and_in_no_line()
    {
        RunUrls urls = Urls(MediaAuthMethod.Http);
        Assert.Equal($"rtsp://worker:{_key.Value}@127.0.0.1:8554/live/demo/in", urls.Input(Run(), _key));
        Assert.Equal($"rtmp://127.0.0.1:1935/live/demo/out?user=worker&pass={_key.Value}", urls.Output(Run(), _key));
        Assert.Equal($"rtsp://worker:{_key.Value}@127.0.0.1:8554/live/demo/out", urls.OutputRtsp(Run(), _key));
        string said = $"{urls.Input(Run(), _key)} and {urls.Output(Run(), _key)} and {urls.OutputRtsp(Run(), _key)} and {_key.Value.ToUpperInvariant()} alone";
        Assert.DoesNotContain(_key.Value, Redact(urls, said), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_standby_writes_to_its_own_path_which_is_forwarded_to_the_output()
    {
        RunUrls urls = Urls(MediaAuthMethod.Http);
        WorkerRun standby = Run() with { Generation = 7, IsAside = true };
        Assert.Equal($"rtsp://worker:{_key.Value}@127.0.0.1:8554/live/demo/w7", urls.OutputRtsp(standby, _key));
        Assert.Equal(urls.OutputRtsp(Run(), _key), urls.Forwarded(standby, _key));
        Assert.Equal(urls.Input(Run(), _key), urls.Input(standby, _key));
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

    [Fact]
    public void A_run_reads_and_writes_at_the_media_server_of_its_source_and_no_media_servers_password_is_in_a_line()
    {
        IOptions<MediaOptions> options = Options.Create(new MediaOptions
        {
            WorkerPassword = "secret-of-all",
            Nodes =
            [
                new() { Name = "a", ApiUrl = "http://a.example:9997", RtspUrl = "rtsp://a.example:8554", RtmpUrl = "rtmp://a.example:1935" },
                new() { Name = "b", ApiUrl = "http://b.example:9997", RtspUrl = "rtsp://b.example:8554", RtmpUrl = "rtmp://b.example:1935", WorkerUser = "dubber", WorkerPassword = "secret-of-b" },
            ],
        });
        RunUrls urls = new(options, new MediaNodes(options));
        Assert.Equal(["rtsp://b.example:8554/live/demo/in", "rtmp://b.example:1935/live/demo/out?user=dubber&pass=secret-of-b", "rtsp://dubber:secret-of-b@b.example:8554/live/demo/out"], All("b"));
        Assert.Equal(["rtsp://a.example:8554/live/demo/in", "rtmp://a.example:1935/live/demo/out?user=worker&pass=secret-of-all", "rtsp://worker:secret-of-all@a.example:8554/live/demo/out"], All("a"));
        Assert.Equal(All("a"), All(null));
        Assert.Equal(All("a"), All("one-that-is-configured-no-more"));
        Assert.DoesNotContain("secret-of", Redact(urls, string.Join(' ', [.. All("a"), .. All("b")])), StringComparison.Ordinal);

        string[] All(string? node) => [urls.Input(Run(node), _key), urls.Output(Run(node), _key), urls.OutputRtsp(Run(node), _key)];
    }

    private static WorkerRun Run(string? node = null) => new(Id, 1, new LiveSource("rtmpConn", "a", "", default) { Node = node }, null);

    private string Redact(RunUrls urls, string line) => new SecretRedactor(urls.Secrets(_key)).Redact(line);

    private static RunUrls Urls(MediaAuthMethod auth)
    {
        ServiceCollection services = new();
        services.Configure<MediaOptions>(media => (media.Auth, media.WorkerPassword) = (auth, "s&cret"));
        IOptions<MediaOptions> options = services.BuildServiceProvider().GetRequiredService<IOptions<MediaOptions>>();
        return new RunUrls(options, new MediaNodes(options));
    }
}

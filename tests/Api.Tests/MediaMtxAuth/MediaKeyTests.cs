using Microsoft.Extensions.Logging;
using Streams.Api.Tests.Access;
using Streams.Testing;
using Xunit;
using static Streams.Api.Tests.MediaMtxAuth.MediaQuestions;

namespace Streams.Api.Tests.MediaMtxAuth;

/// <summary>Wrong credentials, and keys that change while the service runs.</summary>
[Collection(ApiCollection.Name)]
public sealed class MediaKeyTests(ApiFixture fixture)
{
    private readonly string _stream = FakeCluster.NewStream();

    [Fact]
    public async Task Wrong_keys_are_429_after_some_but_neither_elsewhere_nor_for_who_was_right_before()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(Keys) { ["Streams:MediaAuth:FailuresPerMinute"] = "2" });
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", Key, ip: "10.0.0.1"));
        int[] wrong = [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Ask(api, "publish", "live/demo/in", "not-the-key", ip: "10.0.0.2")))];
        Assert.Equal([401, 401], wrong);
        Assert.Equal(429, await Ask(api, "publish", "live/demo/in", "not-the-key", ip: "10.0.0.2"));
        Assert.Equal(429, await Ask(api, "publish", "live/demo/in", Key, ip: "10.0.0.2"));
        Assert.Equal(401, await Ask(api, "publish", "live/demo/in", "", ip: "10.0.0.2"));
        Assert.Equal(204, await Ask(api, "publish", "live/another/in", OtherKey, ip: "10.0.0.2"));
        Assert.Equal(204, await Ask(api, "read", "live/demo/in", "", ip: "10.0.0.2"));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Ask(api, "publish", "live/demo/in", "not-the-key", ip: "10.0.0.1")));
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", Key, ip: "10.0.0.1"));

        FakeCluster.RunKeys[_stream] = static key => Task.FromResult(key == "key-of-this-run");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Ask(api, "publish", $"live/{_stream}/out", "not-the-key", ip: "10.0.0.2")));
        Assert.Equal(204, await Ask(api, "publish", $"live/{_stream}/out", "key-of-this-run", ip: "10.0.0.2"));
    }

    [Fact]
    public async Task A_refusal_is_logged_with_the_stream_and_without_the_credentials()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        Assert.Equal(401, await Ask(api, "publish", $"live/{_stream}/in", "s3cret-that-is-wrong", "user-that-is-wrong"));
        LogLine line = Assert.Single(api.Logs.About(_stream), static line => line.Id == 1731);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Equal(("publish", $"live/{_stream}/in", "rtmp", "127.0.0.1"), (line.Fields["Action"], line.Fields["Path"], line.Fields["Protocol"], line.Fields["RemoteAddress"]));
        Assert.Contains("key is wrong", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Logs.Lines, static line => line.Text.Contains("s3cret", StringComparison.Ordinal) || line.Text.Contains("user-that-is-wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_file_of_keys_is_read_again_when_it_changes()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# keys\n* key-of-everybody-0\n", TestContext.Current.CancellationToken);
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:MediaAuth:KeyFile"] = file, ["Streams:MediaAuth:FailuresPerMinute"] = "10000" });
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", "key-of-everybody-0"));

        await File.WriteAllTextAsync(file, "* key-of-everybody-0\ndemo key-of-demo-number-1\ndemo key-of-demo-number-2\n", TestContext.Current.CancellationToken);
        await Eventually.Get(() => Ask(api, "publish", "live/demo/in", "key-of-demo-number-1"), static status => status == 204, "the new key taken");
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", "key-of-demo-number-2"));
        Assert.Equal(401, await Ask(api, "publish", "live/demo/in", "key-of-everybody-0"));

        await File.WriteAllTextAsync(file, "demo short\nbad/id key-of-demo-number-3\n", TestContext.Current.CancellationToken);
        LogLine? line = await Eventually.Get(() => api.Logs.Lines.FirstOrDefault(static line => line.Id == 1702), static line => line is not null, "the error logged");
        Assert.Contains("line 1: the key must be", line!.Text, StringComparison.Ordinal);
        Assert.Contains("line 2: a stream id must match", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-demo-number-3", line.Text, StringComparison.Ordinal);
        Assert.Equal(204, await Ask(api, "publish", "live/demo/in", "key-of-demo-number-1"));
        File.Delete(file);
    }
}

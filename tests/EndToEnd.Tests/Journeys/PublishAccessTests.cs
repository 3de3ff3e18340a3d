using System.Text.Json;
using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Who may publish and read when MediaMTX asks Streams: real publishers, real workers.</summary>
public sealed partial class PublishAccessTests
{
    [Theory, OnBothServers]
    public async Task The_right_key_is_processed_and_nobody_else_writes_in_or_out(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, isClosed: true);
        string id = TestStream.NewId("key");
        await Refused(system, $"live/{id}/in");
        await Refused(system, $"live/{id}/in?user=any&pass=not-the-publish-key");
        Assert.Null(await system.Status(id));

        system.Publish(id, $"?lang=es&user=any&pass={ClosedSystem.PublishKey}");
        JsonElement first = await system.WaitForFrames(id);
        await system.WaitForPath($"live/{id}/out");
        Assert.Equal("lang=es", first.GetProperty("input").GetProperty("query").GetString());
        string firstKey = KeyOf(StreamsSystem.Pid(first));

        string readable = system.Media.Rtsp($"live/{id}/out").Replace("rtsp://", $"rtsp://reader:{ClosedSystem.ReadKey}@", StringComparison.Ordinal);
        Assert.Equal(["aac", "h264"], await TestStream.Probe(readable));
        InvalidOperationException unread = await Assert.ThrowsAsync<InvalidOperationException>(() => TestStream.Probe(system.Media.Rtsp($"live/{id}/out")));
        Assert.Contains("401", unread.Message, StringComparison.Ordinal);

        await Refused(system, $"live/{id}/out?user=worker&pass=worker");
        await Refused(system, $"live/{id}/out?user=any&pass={ClosedSystem.PublishKey}");
        await Refused(system, $"live/{id}/in?user=worker&pass={firstKey}");

        using HttpResponseMessage restarted = await system.Api.PostAsync(new Uri($"/v1/streams/{id}/restart", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.True(restarted.IsSuccessStatusCode, await restarted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        JsonElement second = await system.WaitForFrames(id, 2);
        string secondKey = KeyOf(StreamsSystem.Pid(second));
        Assert.NotEqual(firstKey, secondKey);
        await Refused(system, $"live/{id}/out?user=worker&pass={firstKey}");
        JsonElement still = (await system.Status(id))!.Value;
        Assert.Equal((2, StreamsSystem.Pid(second)), (still.GetProperty("generation").GetInt64(), StreamsSystem.Pid(still)));

        await TellsNoSecret(system, id, [firstKey, secondKey, ClosedSystem.PublishKey, ClosedSystem.ReadKey]);
    }

    [Fact]
    public async Task The_key_of_a_stream_that_has_ended_opens_nothing()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, isClosed: true);
        string id = TestStream.NewId("ended");
        ChildProgram publisher = system.Publish(id, $"?user=any&pass={ClosedSystem.PublishKey}");
        string key = KeyOf(StreamsSystem.Pid(await system.WaitForFrames(id)));
        publisher.Signal(ChildProgram.Interrupt);
        await system.WaitForPhase(id, "Offline");
        await Refused(system, $"live/{id}/out?user=worker&pass={key}");
    }

    [Fact]
    public async Task While_Streams_is_away_MediaMTX_lets_nobody_publish_and_takes_up_where_it_was()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, isClosed: true);
        string id = TestStream.NewId("away");
        system.Silo.Signal(ChildProgram.Terminate);
        await system.Silo.WaitForEnd();
        await Refused(system, $"live/{id}/in?user=any&pass={ClosedSystem.PublishKey}");
        await system.StartSilo();
        system.Publish(id, $"?user=any&pass={ClosedSystem.PublishKey}");
        await system.WaitForFrames(id);
    }

    private static async Task Refused(StreamsSystem system, string path)
    {
        await using ChildProgram publisher = TestStream.PublishRtmp(system.Media.Rtmp(path));
        Assert.NotEqual(0, await publisher.WaitForEnd());
        Assert.Contains("authentication failed", publisher.Output, StringComparison.Ordinal);
    }

    /// <summary>As any user of the machine reads it: that is why it is made for one run.</summary>
    private static string KeyOf(int pid) => Processes.ArgumentsOf(pid).Select(static argument => KeyInOutput().Match(argument)).Single(static match => match.Success).Groups["key"].Value;

    /// <summary>In the query of an output by RTMP, or before the host of one by RTSP.</summary>
    [GeneratedRegex("^(rtmp://.*[?&]pass=(?<key>[^&]+)|rtsp://[^/@]+:(?<key>[^@]+)@.*/out)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KeyInOutput();

    private static async Task TellsNoSecret(StreamsSystem system, string id, string[] secrets)
    {
        List<string> told = [.. system.Silo.Lines];
        foreach (string what in (string[])["", "/history", "/runs"])
        {
            told.Add(await system.Api.GetStringAsync(new Uri($"/v1/streams/{id}{what}", UriKind.Relative)));
        }

        told.Add(Convert.ToHexString(await File.ReadAllBytesAsync(Path.Combine(system.DataFolder, "streams.db"))));
        foreach (string secret in secrets)
        {
            Assert.DoesNotContain(told, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(secret)), told[^1], StringComparison.Ordinal);
        }
    }
}

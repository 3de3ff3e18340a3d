using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed partial class MetricsTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task They_are_valid_and_have_the_recorded_names_and_labels(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path));
        HashSet<string> recorded = [.. Recording.Text("metrics.txt").Split('\n').Where(IsSample).Select(Shape).Where(IsOurs)];
        string text = await Eventually.Get(
            () => server.Api.GetStringAsync(server.MetricsUrl),
            text => text.Contains($"paths_readers{{name=\"{path}\",readerType=\"rtspSession\"", StringComparison.Ordinal),
            "the reader in the metrics");
        string[] samples = [.. text.Split('\n').Where(IsSample)];
        Assert.All(samples, sample => Assert.Matches(Sample(), sample));
        Assert.Empty(recorded.Except(samples.Select(Shape)));
        Assert.Contains(samples, sample => sample.StartsWith($"paths{{name=\"{path}\",state=\"ready\"}} 1", StringComparison.Ordinal));
        Assert.True(ValueOf(samples, $"paths_inbound_bytes{{name=\"{path}\",state=\"ready\"}}") > 0);
    }

    [Theory, OnBothServers]
    public async Task They_need_credentials(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        using HttpClient stranger = new();
        using HttpResponseMessage asked = await stranger.GetAsync(server.MetricsUrl);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
    }

    private static bool IsSample(string line) => line.Length > 0 && line[0] != '#';

    // The servers that the stand-in does not have are no part of the contract: nothing of Streams reads their metrics.
    private static bool IsOurs(string shape) =>
        shape.StartsWith("paths", StringComparison.Ordinal) || shape.StartsWith("rtmp_", StringComparison.Ordinal) || shape.StartsWith("rtsp_", StringComparison.Ordinal);

    private static string Shape(string sample) => LabelValue().Replace(sample[..sample.LastIndexOf(' ')], "");

    private static double ValueOf(string[] samples, string name) => double.Parse(
        samples.Single(sample => sample.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex LabelValue();

    // The text exposition format: a name, labels, and a number.
    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? -?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$""")]
    private static partial Regex Sample();
}

using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Streams.Api.Telemetry;
using Xunit;

namespace Streams.Silo.Tests.Telemetry;

/// <summary>OpenTelemetry listens to the meters of the whole process: a silo that another test ends meanwhile takes the series of its namesake with it.</summary>
[CollectionDefinition(nameof(AllMeters), DisableParallelization = true)]
public sealed class AllMeters;

/// <summary>What Prometheus reads after years: streams that came and went leave nothing, and later ones have all of their series.</summary>
[Collection(nameof(AllMeters))]
public sealed class StreamSeriesTests(ITestOutputHelper report)
{
    /// <summary>How many series a live stream has.</summary>
    private const int SeriesOfOne = 20;

    private const int PerReading = 500;

    [Fact]
    public async Task After_fifty_thousand_streams_the_next_one_has_all_of_its_series_and_memory_is_flat()
    {
        FakeTimeProvider time = new();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        TelemetryHosting.Add(builder);
        await using WebApplication app = builder.Build();
        TelemetryHosting.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        LiveStreams live = new(app.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), time);
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.Single()) };
        List<long> memory = [];
        for (int first = 0; first < 50_000; first += PerReading)
        {
            StreamStatus[] streams = [.. Enumerable.Range(first, PerReading).Select(static number => Status($"s{number}"))];
            Array.ForEach(streams, live.Update);
            string some = await Read(http);
            Assert.Equal(SeriesOfOne * PerReading, SeriesOf(some, "").Length);
            Array.ForEach(streams, stream => live.Forget(stream.StreamId));
            time.Advance(TimeSpan.FromSeconds(30));
            if ((first + PerReading) % 10_000 == 0)
            {
                memory.Add(GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        live.Update(Status("last"));
        long asked = Stopwatch.GetTimestamp();
        string text = await Read(http);
        report.WriteLine($"{SeriesOf(text, "last").Length} series, read in {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} ms; memory each 10,000 streams: {string.Join(", ", memory.Select(static bytes => $"{bytes / 1e6:0.0} MB"))}");
        Assert.Equal(SeriesOfOne, SeriesOf(text, "last").Length);
        Assert.Equal(SeriesOfOne, SeriesOf(text, "").Length);
        Assert.DoesNotContain("overflow", text, StringComparison.Ordinal);
        Assert.InRange(memory[^1], 0, memory[0] + 12_000_000); // buffers that the exporter keeps; none is added after 200,000 streams
    }

    private static Task<string> Read(HttpClient http) => http.GetStringAsync(new Uri(TelemetryHosting.MetricsPath, UriKind.Relative), TestContext.Current.CancellationToken);

    private static string[] SeriesOf(string text, string stream) =>
        [.. text.Split('\n').Where(line => line.StartsWith("streams_stream_", StringComparison.Ordinal) && (stream.Length == 0 || line.Contains($"stream=\"{stream}\"", StringComparison.Ordinal)))];

    private static StreamStatus Status(string id) => new()
    {
        StreamId = StreamId.Parse(id),
        Order = StreamOrder.Run,
        Phase = StreamPhase.Running,
        Since = default,
        Profile = "passthrough",
        Generation = 1,
        Progress = new WorkerProgress { Fps = 25, Speed = 1, BitrateBps = 800_000, DroppedFrames = 1, DuplicatedFrames = 1 },
        InputPath = new PathView { Source = new LiveSource("rtmpConn", "in", "", default), InboundBytes = 1 },
        OutputPath = new PathView { Source = new LiveSource("rtmpConn", "out", "", default), InboundBytes = 1, Readers = 2 },
    };
}

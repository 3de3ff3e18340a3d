using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Streams.Testing;

namespace Streams.Benchmarks.Systems;

/// <summary>Reads a running silo from outside: processor time and memory of its process alone, and its managed heap.</summary>
internal sealed class SiloMeter(StreamsSystem system)
{
    /// <summary>How long the runtime is busy with a silo that has just started: it compiles for good what was used a lot.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(20);

    /// <summary>The runtime collects once, all generations, when a session with this keyword starts.</summary>
    private const long GCHeapCollect = 0x800000;

    private static readonly Uri Metrics = new("/metrics", UriKind.Relative);

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            using Process silo = Process.GetProcessById(system.Silo.Pid);
            return silo.TotalProcessorTime;
        }
    }

    /// <summary>Memory that the kernel counts as the process's, in KB.</summary>
    public double ResidentKb => double.Parse(
        File.ReadLines($"/proc/{system.Silo.Pid}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    /// <summary>Processors in use over a time: 1 is one whole processor.</summary>
    public async Task<double> MeasureCpu(TimeSpan time)
    {
        TimeSpan before = Cpu;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        return (Cpu - before) / Stopwatch.GetElapsedTime(start);
    }

    /// <summary>What is alive on the managed heap, in KB: collects first, and once more for what finalizers let go.</summary>
    public async Task<double> HeapKb()
    {
        await Collect();
        await Collect();
        return Sum(await Read(), "dotnet_gc_last_collection_heap_size_bytes") / 1024;
    }

    /// <summary>A series of the silo's own metrics, all labels together.</summary>
    public async Task<double> Total(string series) => Sum(await Read(), series);

    private async Task Collect()
    {
        double before = FullCollections(await Read());
        EventPipeProvider collecting = new("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GCHeapCollect);
        using EventPipeSession session = await new DiagnosticsClient(system.Silo.Pid).StartEventPipeSessionAsync([collecting], requestRundown: false, token: CancellationToken.None);
        Task drained = session.EventStream.CopyToAsync(Stream.Null);
        await Eventually.Get(Read, now => FullCollections(now) > before, "a full collection of the silo");
        await session.StopAsync(CancellationToken.None);
        await drained;
    }

    private async Task<IReadOnlyDictionary<string, double>> Read() =>
        PrometheusText.Read(await system.Api.GetStringAsync(Metrics), static label => label.StartsWith("otel_scope", StringComparison.Ordinal));

    private static double FullCollections(IReadOnlyDictionary<string, double> metrics) =>
        metrics.Where(static pair => pair.Key.StartsWith("dotnet_gc_collections", StringComparison.Ordinal) && pair.Key.Contains("gen2", StringComparison.Ordinal)).Sum(static pair => pair.Value);

    private static double Sum(IReadOnlyDictionary<string, double> metrics, string series) =>
        metrics.Where(pair => pair.Key.StartsWith(series, StringComparison.Ordinal)).Sum(static pair => pair.Value);
}

using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace Streams.Benchmarks.Systems;

/// <summary>Measures a running silo from outside: processor time and resident memory of its process alone, and its managed heap.</summary>
internal sealed class SiloMeter(StreamsSystem system)
{
    /// <summary>Warm-up of a silo: in this time the runtime optimizes the code of its hot paths (tiered compilation).</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    /// <summary>Event keyword of a full garbage collection, which a session with it triggers at its start.</summary>
    private const long GCHeapCollect = 0x800000;

    private static readonly Uri Metrics = new("/metrics", UriKind.Relative);

    /// <summary>Processor time since the process started.</summary>
    public TimeSpan Cpu
    {
        get
        {
            using Process silo = Process.GetProcessById(system.Silo.Pid);
            return silo.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, in KB.</summary>
    public double ResidentKb => double.Parse(
        File.ReadLines($"/proc/{system.Silo.Pid}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    /// <summary>Mean processor usage over a time; 1 is one whole core.</summary>
    public async Task<double> MeasureCpu(TimeSpan time)
    {
        TimeSpan before = Cpu;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        return (Cpu - before) / Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Live managed heap, in KB, after two full collections: the second frees what finalizers release.</summary>
    public async Task<double> HeapKb()
    {
        await Collect();
        await Collect();
        return Sum(await Read(), "dotnet_gc_last_collection_heap_size_bytes") / 1024;
    }

    /// <summary>A metric of the silo, summed over all labels.</summary>
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

using System.Buffers;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Streams.Api.MediaMtxEvents;

namespace Streams.Benchmarks.Micro;

/// <summary>Reading a hook's event, with all checks.</summary>
public class EventBenchmarks
{
    private readonly ReadOnlySequence<byte> _event = new(Encoding.UTF8.GetBytes(
        """{"path":"live/benchmark-0001/in","sourceType":"rtmpConn","sourceId":"b1f5f9a4-8f4e-4a51-a4a1-0c8f3a1a5b11","query":"lang=en&title=Evening%20news","eventId":"0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e","occurredAt":"2026-01-31T12:00:00.123Z"}"""));

    [Benchmark(Description = "event: read and check")]
    public object Read() => HookEventReader.Read(_event);

    [Benchmark(Description = "event: System.Text.Json alone, for comparison")]
    public int Parse()
    {
        using JsonDocument document = JsonDocument.Parse(_event);
        return document.RootElement.GetPropertyCount();
    }
}

using System.Text;
using BenchmarkDotNet.Attributes;

namespace Streams.Benchmarks.Micro;

/// <summary>Parsing of a worker's progress report, which comes twice a second for each stream.</summary>
public class ProgressBenchmarks
{
    private const string Report = """
        frame=1200
        fps=30.0
        stream_0_0_q=-1.0
        bitrate= 800.0kbits/s
        total_size=4000000
        out_time_us=40000000
        out_time_ms=40000000
        out_time=00:00:40.000000
        dup_frames=0
        drop_frames=0
        speed=1.0x
        progress=continue

        """;

    private readonly FfmpegProgressParser _parser = new(TimeProvider.System);
    private readonly string[] _lines = Report.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(Report);

    [Benchmark(Description = "progress: parse a report of ffmpeg")]
    public object? Parse()
    {
        object? report = null;
        foreach (string line in _lines)
        {
            report = _parser.Parse(line);
        }

        return report;
    }

    [Benchmark(Description = "progress: read and parse it from a pipe of its own")]
    public async Task<object?> Read()
    {
        object? report = null;
        await BoundedLineReader.ReadLines(new MemoryStream(_bytes), line => report = _parser.Parse(line));
        return report;
    }
}

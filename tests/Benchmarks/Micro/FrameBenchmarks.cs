using BenchmarkDotNet.Attributes;
using Streams.Api.Feed;

namespace Streams.Benchmarks.Micro;

/// <summary>Frames of the feed, which are serialized once for all clients.</summary>
public class FrameBenchmarks
{
    private readonly FeedPosition _position = new(Guid.NewGuid(), 1_000_000);
    private readonly FeedItem _progress = new(SampleStates.Id, 41, SampleStates.Status.Since) { Progress = SampleStates.Progress };
    private readonly FeedItem _status = new(SampleStates.Id, 41, SampleStates.Status.Since) { Status = SampleStates.Status };
    private readonly StreamStatus[] _all = [.. Enumerable.Repeat(SampleStates.Status, 100)];

    [Benchmark(Description = "feed: frame of a report")]
    public byte[] Progress() => FeedFrame.Of(_progress, _position);

    [Benchmark(Description = "feed: frame of a status")]
    public byte[] Status() => FeedFrame.Of(_status, _position);

    [Benchmark(Description = "feed: snapshot of 100 streams")]
    public byte[] Snapshot() => FeedFrame.Snapshot(_all, _position);
}

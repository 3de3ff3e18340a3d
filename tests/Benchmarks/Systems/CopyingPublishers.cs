using System.Globalization;

namespace Streams.Benchmarks.Systems;

/// <summary>Publishers of MediaMTX: an ffmpeg for each stream, which copies a small file without encoding it and reconnects after a second.</summary>
internal sealed class CopyingPublishers(StreamsSystem system, Bench bench) : IPublishers
{
    private const string Name = "again";

    public bool Has(string id) => id.StartsWith($"{Name}-", StringComparison.Ordinal);

    public async Task GrowTo(int count)
    {
        string film = Path.Combine(bench.Folder, "film.flv");
        (int code, string output) = await ChildProgram.Run("ffmpeg",
            ["-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=5", "-t", "10", "-c:v", "libx264", "-g", "5", "-pix_fmt", "yuv420p", "-y", film]);
        if (code != 0)
        {
            throw new InvalidOperationException($"ffmpeg could not make a film to publish: {output}");
        }

        for (int number = 0; number < count; number++)
        {
            string url = system.Media.Rtmp($"live/{Name}-{number.ToString(CultureInfo.InvariantCulture)}/in");
            await bench.Keep(TestStream.PublishForever(
                TimeSpan.FromSeconds(1), ["-re", "-stream_loop", "-1", "-i", film, "-c", "copy", "-output_ts_offset", "2.5", "-f", "flv", url]));
        }
    }

    public Task PublishAgain() => Task.CompletedTask;
}

using System.Globalization;
using Streams.Testing;

namespace Streams.Benchmarks;

/// <summary>An ffmpeg for each stream that sends a small file again and again without encoding it, and comes back a second after its connection broke.</summary>
internal sealed class CopyingPublishers(StreamsSystem system, Bench bench) : IPublishers
{
    private const string Name = "again";

    private const string Loop = """
        trap 'kill $pid 2>/dev/null; exit 0' INT TERM
        while :; do
          ffmpeg -hide_banner -nostdin -loglevel error -re -stream_loop -1 -i "$0" -c copy -output_ts_offset 2.5 -f flv "$1" & pid=$!
          wait $pid
          sleep 1
        done
        """;

    public bool Has(string id) => id.StartsWith($"{Name}-", StringComparison.Ordinal);

    public async Task Start(int count)
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
            await bench.Keep(ChildProgram.Start("sh", ["-c", Loop, film, url]));
        }
    }

    public Task ComeAgain() => Task.CompletedTask;
}

using System.Collections.Concurrent;
using System.Text.Json;

namespace Streams.Testing.Cluster;

/// <summary>Publishers of a cluster's streams: each an ffmpeg that copies a small film over and over, and costs next to nothing.</summary>
/// <param name="system">The cluster.</param>
public sealed class ClusterPublishers(ClusterSystem system) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-film-").FullName;
    private readonly ConcurrentBag<ChildProgram> _started = [];
    private readonly SemaphoreSlim _making = new(1);
    private string? _film;

    /// <summary>Publishes a stream to a media server, until the program is signalled or somebody else publishes it.</summary>
    public async Task<ChildProgram> Start(string id, ClusterNode node)
    {
        string film = await Film();
        MediaServer server = node.Server ?? throw new InvalidOperationException($"Media server {node.Name} does not run.");
        ChildProgram publisher = ChildProgram.Start("ffmpeg",
            ["-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", film, "-c", "copy", "-output_ts_offset", "2.5", "-f", "flv", server.Rtmp($"live/{id}/in{(system.Options.AsksStreams ? $"?user=publisher&pass={ClosedSystem.PublishKey}" : "")}")]);
        _started.Add(publisher);
        return publisher;
    }

    /// <summary>Waits until a stream runs and its output is there.</summary>
    public Task WaitForOutput(string id, TimeSpan? patience = null) => Eventually.Get(() => HasOutput(system, id), static has => has, $"the output of {id}", patience);

    /// <summary>Whether a stream runs, and has an output.</summary>
    public static async Task<bool> HasOutput(ClusterSystem system, string id) =>
        await system.Status(id) is { } status && status.GetProperty("phase").GetString() == "Running"
            && status.TryGetProperty("output", out JsonElement output) && output.ValueKind == JsonValueKind.Object;

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProgram publisher in _started)
        {
            await publisher.DisposeAsync();
        }

        _making.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> Film()
    {
        await _making.WaitAsync();
        try
        {
            return _film ??= await Make(Path.Combine(_folder, "film.flv"));
        }
        finally
        {
            _making.Release();
        }
    }

    private static async Task<string> Make(string file)
    {
        (int code, string output) = await ChildProgram.Run("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=5", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=22050", "-t", "20",
            "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "5", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "16k", "-y", file,
        ]);
        return code == 0 ? file : throw new InvalidOperationException($"ffmpeg could not make a film to publish: {output}");
    }
}

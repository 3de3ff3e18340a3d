namespace Streams.Benchmarks.Systems;

/// <summary>The surroundings of one benchmark: starts systems, keeps resources, and ends all of them when it is over or interrupted.</summary>
/// <param name="folder">The folder of logs.</param>
internal sealed class Bench(string folder) : IAsyncDisposable
{
    private readonly Cleanup _cleanup = new();

    /// <summary>The folder of logs.</summary>
    public string Folder => folder;

    /// <summary>The log of all silos that it started.</summary>
    public string SiloLog => Path.Combine(folder, "silo.log");

    /// <summary>The media server of benchmarks that can run on either: MediaMTX where there is one.</summary>
    public static MediaServerKind MediaServer => Testing.MediaServer.MediaMtxFile is null ? MediaServerKind.Standin : MediaServerKind.MediaMtx;

    /// <summary>Prints a line of progress.</summary>
    public static void Report(string progress) => Console.WriteLine($"  {progress}");

    /// <summary>Starts the whole of Streams; its log goes to a file, as it does when it is deployed, and costs this process nothing.</summary>
    /// <param name="settings">Settings of the silo.</param>
    /// <param name="kind">Which media server.</param>
    /// <param name="isClosed">Whether it needs tokens and keys.</param>
    public async Task<StreamsSystem> Start(Dictionary<string, string> settings, MediaServerKind kind = MediaServerKind.Standin, bool isClosed = false) =>
        await Keep(await StreamsSystem.Start(kind, settings, isClosed: isClosed, siloLog: SiloLog));

    /// <summary>Disposes a resource when the benchmark ends.</summary>
    /// <exception cref="OperationCanceledException">The benchmark is being ended; the resource was disposed at once.</exception>
    public Task<T> Keep<T>(T resource)
        where T : IAsyncDisposable => _cleanup.Keep(resource);

    public ValueTask DisposeAsync() => _cleanup.DisposeAsync();
}

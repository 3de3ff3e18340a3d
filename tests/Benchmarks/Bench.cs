using Streams.Testing;

namespace Streams.Benchmarks;

/// <summary>What a benchmark runs in: whatever it starts is ended when it is over, and when it is interrupted; last in, first out.</summary>
/// <param name="folder">Where logs go.</param>
internal sealed class Bench(string folder) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<IAsyncDisposable> _kept = new();
    private bool _isOver;

    /// <summary>Where logs go.</summary>
    public string Folder => folder;

    /// <summary>The media server that benchmarks with a choice run on.</summary>
    public static MediaServerKind MediaServer => Testing.MediaServer.MediaMtxFile is null ? MediaServerKind.Standin : MediaServerKind.MediaMtx;

    /// <summary>Tells whoever waits what is being done.</summary>
    public static void Say(string what) => Console.WriteLine($"  {what}");

    /// <summary>Starts the whole of Streams; its log goes to a file, as it does when it is deployed, and costs this process nothing.</summary>
    /// <param name="settings">Settings of the silo.</param>
    /// <param name="kind">Which media server.</param>
    /// <param name="isClosed">Whether it needs tokens and keys.</param>
    public async Task<StreamsSystem> Start(Dictionary<string, string> settings, MediaServerKind kind = MediaServerKind.Standin, bool isClosed = false) =>
        await Keep(await StreamsSystem.Start(kind, settings, isClosed: isClosed, siloLog: SiloLog));

    /// <summary>The log of all silos that it started.</summary>
    public string SiloLog => Path.Combine(folder, "silo.log");

    /// <summary>Remembers to end something.</summary>
    /// <exception cref="OperationCanceledException">The benchmark is being ended; it was ended at once.</exception>
    public async Task<T> Keep<T>(T resource)
        where T : IAsyncDisposable
    {
        bool isKept;
        lock (_lock)
        {
            isKept = !_isOver;
            if (isKept)
            {
                _kept.Push(resource);
            }
        }

        if (isKept)
        {
            return resource;
        }

        await resource.DisposeAsync();
        throw new OperationCanceledException("The benchmark is being ended.");
    }

    /// <summary>Ends all, whatever one of them throws.</summary>
    public async ValueTask DisposeAsync()
    {
        while (Pop() is { } resource)
        {
            try
            {
                await resource.DisposeAsync();
            }
            catch (Exception failed)
            {
                await Console.Error.WriteLineAsync($"warning: {failed.Message}");
            }
        }
    }

    private IAsyncDisposable? Pop()
    {
        lock (_lock)
        {
            _isOver = true;
            return _kept.TryPop(out IAsyncDisposable? resource) ? resource : null;
        }
    }
}

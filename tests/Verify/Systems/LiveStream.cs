using Streams.Verify.Pictures;

namespace Streams.Verify.Systems;

/// <summary>A stream with a publisher of its own, which sends the flashing picture and a sine.</summary>
internal sealed class LiveStream(string id, Settings settings, StreamsClient streams, ControlApiClient media) : IAsyncDisposable
{
    // As make publish sends: a key frame a second, no B-frames, and 2.5 s on the first frame so that MediaMTX offers it at once.
    private static readonly string[] Arguments =
    [
        "-hide_banner", "-nostdin", "-loglevel", "warning",
        "-re", "-f", "lavfi", "-i", FlashingPicture.Source, "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-b:v", "800k",
        "-g", "30", "-keyint_min", "30", "-sc_threshold", "0", "-bf", "0", "-c:a", "aac", "-b:a", "96k", "-ac", "1",
        "-output_ts_offset", "2.5", "-f", "flv",
    ];

    private ChildProgram? _publisher;
    private string _sourceId = "";

    /// <summary>The stream's id.</summary>
    public string Id => id;

    /// <summary>RTSP URL of its input or output.</summary>
    /// <param name="side"><c>in</c> or <c>out</c>.</param>
    public string Url(string side) => $"{settings["RTSP_URL"].Replace("://", $"://{settings["READ_USER"]}", StringComparison.Ordinal)}/live/{id}/{side}";

    /// <summary>Publishes, and waits until the output is available.</summary>
    public async Task<StartTimes> Start()
    {
        long before = await streams.Generation(id);
        DateTimeOffset published = TimeProvider.System.GetUtcNow();
        _publisher = ChildProgram.Start("ffmpeg", [.. Arguments, $"{settings["RTMP_URL"]}/live/{id}/in{settings["PUBLISH_QUERY"]}"]);
        try
        {
            AvailablePath input = await media.WaitForPath($"live/{id}/in", published);
            _sourceId = input.SourceId;
            WorkerProcess worker = await streams.WaitForWorker(id, before);
            AvailablePath output = await media.WaitForPath($"live/{id}/out", worker.StartedAt);
            DateTimeOffset taken = await streams.WaitForEvent(id, "InputReady", _sourceId);
            return new StartTimes(taken - input.Since, output.Since - worker.StartedAt);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\nThe publisher wrote: {_publisher.Output}", late);
        }
    }

    /// <summary>Kills the publisher, which closes its connection at once, and waits until the stream is Offline.</summary>
    /// <returns>Time from just before the kill until the API had taken the not-ready event.</returns>
    public async Task<TimeSpan> End()
    {
        ChildProgram publisher = _publisher ?? throw new InvalidOperationException($"{id} is not published.");
        DateTimeOffset killed = TimeProvider.System.GetUtcNow();
        publisher.Signal(Processes.KillSignal);
        DateTimeOffset taken = await streams.WaitForEvent(id, "InputNotReady", _sourceId);
        await streams.WaitUntilOffline(id);
        await DisposeAsync();
        return taken - killed;
    }

    /// <summary>Kills the worker, and waits until the next one runs.</summary>
    public async Task KillWorker()
    {
        WorkerProcess worker = await streams.WaitForWorker(id, 0);
        Processes.Signal(worker.Pid, Processes.KillSignal);
        await streams.WaitForWorker(id, worker.Generation);
    }

    /// <summary>Ends the publisher if there is one; may be called again.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _publisher, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}

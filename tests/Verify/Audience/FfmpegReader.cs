using CliWrap;

namespace Streams.Verify.Audience;

/// <summary>Reads with ffmpeg, which decodes each picture.</summary>
internal sealed class FfmpegReader : IAudienceReader
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(0.1);

    // One thread, so that the decoder holds no picture back; each picture as one byte; the sound as it comes; neither waits for the other.
    private static readonly string[] Decode =
    [
        "-map", "0:v", "-map", "0:a", "-fps_mode:v", "passthrough", "-enc_time_base:v", "1:90000", "-vf", "scale=1:1,format=gray", "-c:v", "rawvideo", "-c:a", "copy",
        "-max_interleave_delta", "1", "-flush_packets", "1", "-f", "framecrc", "pipe:1",
    ];

    private readonly Lock _lock = new();
    private readonly List<SeenFrame> _pictures = [];
    private readonly List<SeenFrame> _sounds = [];
    private readonly List<TimeSpan> _losses = [];
    private readonly List<Complaint> _complaints = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly AudienceClock _clock;
    private readonly string[] _arguments;
    private readonly Task _running;

    private FfmpegReader(string name, ReaderKind kind, AudienceClock clock, string[] input)
    {
        (Name, Kind, _clock) = (name, kind, clock);
        _arguments = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-threads", "1", "-copyts", .. input, .. Decode];
        _running = Run();
    }

    public string Name { get; }

    public ReaderKind Kind { get; }

    public ReaderLog Log
    {
        get
        {
            lock (_lock)
            {
                return new ReaderLog { Pictures = [.. _pictures], Sounds = [.. _sounds], Losses = [.. _losses], Complaints = [.. _complaints] };
            }
        }
    }

    /// <summary>Reads by RTSP.</summary>
    public static FfmpegReader OfRtsp(string url, AudienceClock clock) => new("RTSP", ReaderKind.Live, clock, ["-rtsp_transport", "tcp", "-fflags", "nobuffer", "-i", url]);

    /// <summary>Reads by RTMP.</summary>
    public static FfmpegReader OfRtmp(string url, AudienceClock clock) => new("RTMP", ReaderKind.Live, clock, ["-fflags", "nobuffer", "-i", url]);

    /// <summary>Reads by HLS, from the newest segment on.</summary>
    public static FfmpegReader OfHls(string url, AudienceClock clock) => new("HLS", ReaderKind.Segments, clock, ["-live_start_index", "-1", "-i", url]);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
    }

    private async Task Run()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await ReadOnce();
                lock (_lock)
                {
                    _losses.Add(_clock.Now);
                }

                await Task.Delay(ReconnectAfter, _closing.Token);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                // As asked: a live stream does not end by itself.
            }
        }
    }

    private async Task ReadOnce()
    {
        FrameLines lines = new();
        await Cli.Wrap("ffmpeg")
            .WithArguments(_arguments)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line => Add(lines.Read(line))))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => Complain(line, lines.ReadStepBack(line))))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(_closing.Token);
    }

    private void Add((int Stream, TimeSpan Stamp)? frame)
    {
        if (frame is not { } seen)
        {
            return;
        }

        lock (_lock)
        {
            (seen.Stream == 0 ? _pictures : _sounds).Add(new SeenFrame(_clock.Now, seen.Stamp));
        }
    }

    private void Complain(string line, TimeSpan? back)
    {
        lock (_lock)
        {
            _complaints.Add(new Complaint(_clock.Now, line, back));
        }
    }
}

namespace Streams;

/// <summary>What a run says: its progress, and its lines.</summary>
internal sealed partial class Worker
{
    private IProgressParser? MakeParser(ProgressFormat format) => format switch
    {
        ProgressFormat.Ffmpeg => new FfmpegProgressParser(_time),
        ProgressFormat.GStreamer => new GStreamerProgressParser(_time),
        _ => null,
    };

    private void TakeOutput(string line, IProgressParser? parser)
    {
        if (parser is null)
        {
            TakeLog(line);
        }
        else if (parser.Take(line) is { } report && Grew(report))
        {
            NoteProgress(report);
        }
    }

    /// <summary>A report without growth is no progress: a frozen worker goes on reporting.</summary>
    private bool Grew(WorkerProgress report) => _progress is { } last
        ? report.Frames > last.Frames || report.OutTime > last.OutTime || report.TotalBytes > last.TotalBytes
        : report.Frames > 0 || report.OutTime > TimeSpan.Zero || report.TotalBytes > 0;

    private void NoteProgress(WorkerProgress report)
    {
        bool isFirst = _progress is null;
        _progress = report;
        Liveness.NoteProgress();
        Reported(report);
        if (isFirst)
        {
            Progressed();
        }
    }

    private void TakeLog(string line)
    {
        string safe = _urls.Redact(line, Key);
        lock (_limiter)
        {
            _tail.Add(safe);
            if (!_limiter.Allow())
            {
                return;
            }

            if (_limiter.TakeSuppressed() is > 0 and var suppressed)
            {
                LogSuppressed(suppressed);
            }
        }

        LogLine(safe);
    }
}

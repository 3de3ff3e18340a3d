using System.Threading.Channels;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Streams.Api.Logging;

/// <summary>
/// Writes log lines to standard output in batches, away from the requests that log them: a write and a flush for each line costs
/// more than all the rest of taking an event. Nothing is dropped. When the queue is full, the one who logs writes; an error is written
/// before the call returns, with all that came before it, so that a dying process has said why.
/// </summary>
internal sealed class StandardOutput : ILogEventSink, IDisposable
{
    private const int Capacity = 8_192;
    private const int BufferBytes = 64 * 1_024;

    private readonly Channel<LogEvent> _waiting = Channel.CreateBounded<LogEvent>(Capacity);
    private readonly ITextFormatter _formatter;
    private readonly TextWriter _output;
    private readonly Lock _writing = new();

    public StandardOutput(ITextFormatter formatter, Stream output)
    {
        _formatter = formatter;
        _output = new StreamWriter(output, bufferSize: BufferBytes) { NewLine = "\n" };
        _ = WriteWaiting();
    }

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Error && _waiting.Writer.TryWrite(logEvent))
        {
            return;
        }

        lock (_writing)
        {
            Drain();
            _formatter.Format(logEvent, _output);
            _output.Flush();
        }
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        lock (_writing)
        {
            Drain();
            _output.Flush();
        }
    }

    private async Task WriteWaiting()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            lock (_writing)
            {
                Drain();
                _output.Flush();
            }
        }
    }

    private void Drain()
    {
        while (_waiting.Reader.TryRead(out LogEvent? logEvent))
        {
            _formatter.Format(logEvent, _output);
        }
    }
}

namespace MediaMtx.Standin.Media;

/// <summary>Plays a slate to a stream at the pace of the clock, until it is stopped.</summary>
internal sealed class SlatePlayer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MediaInput _input;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Position[] _positions;

    private SlatePlayer(Slate slate, MediaInput input, TimeProvider clock)
    {
        _input = input;
        _clock = clock;
        _start = clock.GetTimestamp();
        _positions = [.. slate.Loops.Where(loop => loop.Length > 0).Select(loop => new Position(loop, input.Tracks[loop.Track].ClockRate))];
    }

    /// <summary>Begins to play.</summary>
    public static SlatePlayer Start(Slate slate, MediaInput input, TimeProvider clock)
    {
        SlatePlayer player = new(slate, input, clock);
        _ = Task.Run(player.Run);
        return player;
    }

    /// <summary>Stops. It returns at once; what may still be written belongs to an input that is no longer the stream's.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            Position? next = _positions.MinBy(position => position.Seconds);
            TimeSpan left = next is null ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(next.Seconds) - _clock.GetElapsedTime(_start);
            if (next is null || left > TimeSpan.Zero)
            {
                await Task.Delay(left, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!_stop.IsCancellationRequested)
            {
                next?.Write(_input);
            }
        }

        Dispose();
    }

    private sealed class Position(SlateLoop loop, int clockRate)
    {
        private int _next;
        private long _dts;

        public double Seconds => (double)_dts / clockRate;

        public void Write(MediaInput input)
        {
            SlateSample sample = loop.Samples[_next];
            switch (input.Tracks[loop.Track])
            {
                case H264Track:
                    input.WriteVideo(loop.Track, _dts + sample.Offset, _dts, sample.Units);
                    break;
                case AacTrack:
                    input.WriteAudio(loop.Track, _dts, sample.Units[0]);
                    break;
                default:
                    input.WritePayload(loop.Track, _dts, sample.Units[0], marker: true);
                    break;
            }

            _dts += sample.Duration;
            _next = (_next + 1) % loop.Samples.Count;
        }
    }
}

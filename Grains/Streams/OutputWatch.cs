using Streams.Grains.Watch;

namespace Streams.Grains.Streams;

/// <summary>
/// Measures the interruptions of one stream's output by what MediaMTX receives of it: from the last poll at which it grew to the next one. Polls are a
/// second apart, and a quarter of one while something happens. For one caller at a time.
/// </summary>
internal sealed class OutputWatch(TimeProvider time)
{
    /// <summary>A shorter gap cannot be told from the time between two polls.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5);

    /// <summary>A stream whose input is away for longer has ended: what comes then is another broadcast.</summary>
    private static readonly TimeSpan BroadcastEnds = TimeSpan.FromMinutes(1);

    /// <summary>For so long polls are frequent, to measure the end exactly.</summary>
    private static readonly TimeSpan Close = TimeSpan.FromMinutes(1);

    /// <summary>Polls without growth that count as an interruption while the same source publishes: a picture a second is slow, not away.</summary>
    private const int Misses = 3;

    private readonly DateTimeOffset _begunAt = time.GetUtcNow();
    private string? _source;
    private long _bytes;
    private long? _grewAt;
    private long _inputLiveAt = time.GetTimestamp();
    private int _missed;
    private bool _wasAway;
    private bool _wasLost;

    /// <summary>An interruption that is over, and not recorded yet; null for none.</summary>
    public TimeSpan? Ended { get; private set; }

    /// <summary>Whether the output is interrupted now.</summary>
    public bool IsInterrupted => _grewAt is not null && (_wasAway || _missed >= Misses);

    /// <summary>Whether it was interrupted so lately that its return is to be looked for often.</summary>
    public bool IsToBeWatchedClosely => IsInterrupted && time.GetElapsedTime(_grewAt!.Value) < Close;

    /// <summary>For how long nothing has arrived, when that is long enough to tell from the time between two polls; null while the output arrives.</summary>
    public TimeSpan? Away => IsInterrupted && time.GetElapsedTime(_grewAt!.Value) is var away && away >= Shortest ? away : null;

    /// <summary>Whether an interruption counts that was over before this watch began. Later ones it has measured itself.</summary>
    /// <param name="until">When it was over.</param>
    /// <param name="took">How long it took.</param>
    public bool HasMissed(DateTimeOffset until, TimeSpan took) => until <= _begunAt && took >= Shortest;

    /// <summary>Begins to measure an output that may have been there before.</summary>
    /// <param name="away">For how long it has been away already, by what was saved or by what a hook told late; zero for not at all.</param>
    /// <param name="wasLost">Whether it is known to have been away, however soon it is back: since when, nobody saw.</param>
    public void Begin(TimeSpan away, bool wasLost = false)
    {
        (_wasAway, _wasLost) = (_wasAway || wasLost, _wasLost || wasLost);
        long since = time.GetTimestamp() - (long)(away.TotalSeconds * time.TimestampFrequency);
        _grewAt = _grewAt < since ? _grewAt : since;
    }

    /// <summary>Receives what MediaMTX shows of the output.</summary>
    /// <param name="output">The output; null while nobody publishes it.</param>
    /// <param name="isHeld">Whether an operator has stopped the stream: that is no interruption.</param>
    /// <param name="isInputLive">Whether somebody publishes the input: as long as that is so, the output is missing however long it is away.</param>
    public void Observe(PathView? output, bool isHeld, bool isInputLive)
    {
        long now = time.GetTimestamp();
        _inputLiveAt = isInputLive ? now : _inputLiveAt;
        if (isHeld || time.GetElapsedTime(_inputLiveAt, now) > BroadcastEnds)
        {
            _grewAt = null;
        }

        bool isOther = output?.Source.Id != _source;
        bool grew = output is not null && output.InboundBytes > (isOther ? 0 : _bytes);
        (_source, _bytes) = (output?.Source.Id, output?.InboundBytes ?? 0);
        if (!grew)
        {
            _wasAway |= output is null || isOther;
            _missed++;
            return;
        }

        if (IsInterrupted && time.GetElapsedTime(_grewAt!.Value, now) is var gap && (gap >= Shortest || _wasLost))
        {
            Ended = (Ended ?? TimeSpan.Zero) + gap;
        }

        (_grewAt, _missed, _wasAway, _wasLost) = (now, 0, false, false);
    }

    /// <summary>The interruption is recorded.</summary>
    public void Confirm() => Ended = null;
}

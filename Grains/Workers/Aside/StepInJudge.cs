using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers.Aside;

/// <summary>
/// Judges by looks at the media server whether a stream's output has lost its source. The media server is the fence: as long as somebody publishes, a silo that is
/// frozen or cut off too, nobody is missing. For one caller at a time.
/// </summary>
internal sealed class StepInJudge
{
    /// <summary>Looks without a source: while one publisher takes over from another there may be none for a moment.</summary>
    private const int Misses = 2;

    private int _missed;

    /// <summary>The source that published last; null before the first was seen.</summary>
    public string? Former { get; private set; }

    /// <summary>Whether there was a source, and the last look showed none: it is to be looked at again soon.</summary>
    public bool IsDoubtful => Former is not null && _missed > 0;

    /// <summary>Whether there was a source, and is none now.</summary>
    public bool IsMissing => Former is not null && _missed >= Misses;

    /// <summary>Records a look; one without an answer says nothing.</summary>
    public void Record(PathLookup output)
    {
        if (output.View is { } live)
        {
            (Former, _missed) = (live.Source.Id, 0);
        }
        else if (output.IsKnown)
        {
            _missed++;
        }
    }

    /// <summary>It is missing for another reason: looks count anew.</summary>
    public void Forget() => _missed = 0;
}

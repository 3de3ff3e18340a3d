namespace Streams.Verify.Pictures;

/// <summary>Finds the flashes in a row of brightnesses. One that is on at the first picture is left out: nobody saw it begin.</summary>
internal sealed class FlashReader
{
    private const byte DarkestWhite = 192;
    private const byte BrightestBlack = 64;

    private readonly List<Flash> _flashes = [];
    private TimeSpan _rise;
    private int _white;
    private bool? _isWhite;
    private bool _sawRise;

    /// <summary>The whole flashes seen so far.</summary>
    public IReadOnlyList<Flash> Flashes => _flashes;

    /// <summary>Takes the next picture.</summary>
    /// <param name="brightness">0 is black; what is between black and white counts as the picture before.</param>
    /// <param name="arrived">When it arrived.</param>
    public void Take(byte brightness, TimeSpan arrived)
    {
        bool isWhite = brightness >= DarkestWhite || (brightness > BrightestBlack && _isWhite == true);
        if (isWhite && _isWhite == false)
        {
            (_rise, _white, _sawRise) = (arrived, 0, true);
        }
        else if (!isWhite && _isWhite == true && _sawRise)
        {
            _flashes.Add(new Flash(_rise, arrived, _white));
        }

        _white++;
        _isWhite = isWhite;
    }
}

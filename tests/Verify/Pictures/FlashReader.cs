namespace Streams.Verify.Pictures;

/// <summary>Detects flashes in a series of brightness values. A flash that is on in the first picture is ignored: its start is unknown.</summary>
internal sealed class FlashReader
{
    private const byte DarkestWhite = 192;
    private const byte BrightestBlack = 64;

    private readonly List<Flash> _flashes = [];
    private TimeSpan _rise;
    private int _white;
    private bool? _isWhite;
    private bool _sawRise;

    /// <summary>The complete flashes so far.</summary>
    public IReadOnlyList<Flash> Flashes => _flashes;

    /// <summary>Adds the next picture.</summary>
    /// <param name="brightness">0 is black; grey counts as the picture before.</param>
    /// <param name="arrived">When it arrived.</param>
    public void Add(byte brightness, TimeSpan arrived)
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

using System.Globalization;

namespace MediaMtx.Standin.Media;

/// <summary>SDP's description of an RTP format: <c>rtpmap</c> and <c>fmtp</c> (RFC 8866, 6.6 and 6.15).</summary>
/// <param name="Encoding">The encoding's name: <c>opus</c>, <c>PCMA</c>.</param>
/// <param name="Clock">What follows it: the clock rate, and the channels if they were given.</param>
/// <param name="Parameters">The parameters as the publisher wrote them; empty for none.</param>
internal sealed record RtpMap(string Encoding, string Clock, string Parameters)
{
    private const int VideoClock = 90_000;

    /// <summary>Ticks per second; that of video where none is given.</summary>
    public int ClockRate => int.TryParse(Clock.Split('/')[0], CultureInfo.InvariantCulture, out int rate) && rate > 0 ? rate : VideoClock;

    /// <summary>The number of channels; null where it is not given.</summary>
    public int? Channels => Clock.Split('/') is [_, string text] && int.TryParse(text, CultureInfo.InvariantCulture, out int channels) ? channels : null;

    /// <summary>Bits of a sample of plain PCM.</summary>
    public int BitDepth => Encoding.ToUpperInvariant() switch { "L8" => 8, "L24" => 24, _ => 16 };

    /// <summary>The value of one parameter; empty when it is not there.</summary>
    public string Parameter(string name)
    {
        foreach (string pair in Parameters.Split(';', StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair[..equals].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return pair[(equals + 1)..];
            }
        }

        return "";
    }

    /// <summary>A numeric parameter.</summary>
    public int Number(string name, int fallback) =>
        int.TryParse(Parameter(name), CultureInfo.InvariantCulture, out int number) ? number : fallback;
}

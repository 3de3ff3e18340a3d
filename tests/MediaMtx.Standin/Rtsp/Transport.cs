using System.Globalization;

namespace MediaMtx.Standin.Rtsp;

/// <summary>The part of a Transport header that interleaving needs (RFC 2326, 12.39).</summary>
/// <param name="RtpChannel">The channel of RTP; RTCP has the next. Null when the client left the choice to us.</param>
internal sealed record Transport(int? RtpChannel)
{
    /// <summary>Reads the first alternative that is interleaved TCP; null when there is none.</summary>
    public static Transport? Parse(string header)
    {
        foreach (string alternative in header.Split(','))
        {
            string[] parts = alternative.Split(';', StringSplitOptions.TrimEntries);
            if (!parts[0].Equals("RTP/AVP/TCP", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string? channels = parts.FirstOrDefault(part => part.StartsWith("interleaved=", StringComparison.OrdinalIgnoreCase));
            return channels is not null && int.TryParse(channels["interleaved=".Length..].Split('-')[0], CultureInfo.InvariantCulture, out int channel)
                ? new Transport(channel)
                : new Transport((int?)null);
        }

        return null;
    }
}

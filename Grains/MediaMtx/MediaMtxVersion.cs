using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Grains.MediaMtx;

/// <summary>A version of MediaMTX.</summary>
internal readonly partial record struct MediaMtxVersion(int Major, int Minor, int Patch) : IComparable<MediaMtxVersion>
{
    /// <summary>The oldest supported version.</summary>
    public static readonly MediaMtxVersion Oldest = new(1, 18, 2);

    /// <summary>The first unsupported newer version.</summary>
    public static readonly MediaMtxVersion TooNew = new(1, 22, 0);

    /// <summary>The first version with <c>/v3/rtmp/conns</c> instead of <c>/v3/rtmpconns</c>, and so on.</summary>
    public static readonly MediaMtxVersion RenamedConnections = new(1, 21, 0);

    /// <summary>The first version that tells whether an always-available path is online, and has hooks for that.</summary>
    public static readonly MediaMtxVersion KeptPaths = new(1, 19, 3);

    /// <summary>The first version that forwards a path to where the Control API says.</summary>
    public static readonly MediaMtxVersion Forwarding = new(1, 20, 0);

    /// <summary>Why a version is not supported, with the remedy; null when it is, or when it is not a released version.</summary>
    public static string? FindProblem(string? text, string address) => TryParse(text, out MediaMtxVersion version) && (version < Oldest || version >= TooNew)
        ? $"MediaMTX at {address} is {text}; Streams works with {Oldest} to v1.21. Install one of these (make dev downloads one where MEDIAMTX_BIN is not set)."
        : null;

    /// <summary>Parses <c>v1.20.1</c>. False for development builds, which report v0.0.0 or other text.</summary>
    public static bool TryParse(string? text, out MediaMtxVersion version)
    {
        version = default;
        if (text is null || Released().Match(text) is not { Success: true } match)
        {
            return false;
        }

        version = new MediaMtxVersion(Part(match, 1), Part(match, 2), Part(match, 3));
        return version.Major > 0;
    }

    public int CompareTo(MediaMtxVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"v{Major}.{Minor}.{Patch}");

    public static bool operator <(MediaMtxVersion left, MediaMtxVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(MediaMtxVersion left, MediaMtxVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(MediaMtxVersion left, MediaMtxVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MediaMtxVersion left, MediaMtxVersion right) => left.CompareTo(right) >= 0;

    private static int Part(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^v(\d{1,4})\.(\d{1,4})\.(\d{1,4})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Released();
}

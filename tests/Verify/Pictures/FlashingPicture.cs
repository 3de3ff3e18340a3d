namespace Streams.Verify.Pictures;

/// <summary>The test picture that is published for measuring latency: its corner flashes white.</summary>
internal static class FlashingPicture
{
    /// <summary>The flashing corner's edges, in pixels.</summary>
    public const int Corner = 64;

    /// <summary>ffmpeg's source of the picture. The length of a flash names it among five, so that the same one is found again in the output.</summary>
    public static readonly string Source =
        $"testsrc2=size=640x360:rate=30,drawbox=w={Corner}:h={Corner}:c=black:t=fill,"
        + $"drawbox=w={Corner}:h={Corner}:c=white:t=fill:enable='lt(mod(t,1),0.2+0.1*mod(floor(t),5))'";

    /// <summary>A flash begins every second, and each fifth has the same length.</summary>
    public static readonly TimeSpan FlashesRepeatAfter = TimeSpan.FromSeconds(5);
}

namespace Streams.EndToEnd.Tests;

/// <summary>Seeds that follow from a run's seed, the same in every process; <see cref="HashCode"/> is another in each.</summary>
internal static class Seeds
{
    /// <summary>The seed of one script of one round.</summary>
    public static int Of(int seed, int round, int script) => unchecked((((seed * 31) + round) * 486_187_739) + script);
}

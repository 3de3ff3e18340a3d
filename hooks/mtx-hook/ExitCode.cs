namespace Streams.Hooks;

/// <summary>What the process answers to whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>The API took the event, or there was none to tell.</summary>
    internal const int Taken = 0;

    /// <summary>The API answered, and refused.</summary>
    internal const int Refused = 1;

    /// <summary>The arguments or the environment are wrong; nothing was sent.</summary>
    internal const int Misused = 2;

    /// <summary>No usable answer: no connection, none in time, or not HTTP.</summary>
    internal const int Unreachable = 3;
}

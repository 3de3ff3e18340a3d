namespace Streams.Hooks;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>The API accepted the event, or there was none to report.</summary>
    internal const int Accepted = 0;

    /// <summary>The API refused the event.</summary>
    internal const int Refused = 1;

    /// <summary>The arguments or the environment are wrong; nothing was sent.</summary>
    internal const int Misused = 2;

    /// <summary>No usable response: no connection, no answer in time, or not HTTP.</summary>
    internal const int Unreachable = 3;
}

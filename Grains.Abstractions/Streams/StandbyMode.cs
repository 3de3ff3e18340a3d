namespace Streams;

/// <summary>Whether a second worker waits to take a stream's output over.</summary>
public enum StandbyMode
{
    /// <summary>None: the next worker is started when one is needed.</summary>
    None,

    /// <summary>One works on another silo all the time, and steps in when the output's source is gone. It takes slots as the first does.</summary>
    Hot,
}

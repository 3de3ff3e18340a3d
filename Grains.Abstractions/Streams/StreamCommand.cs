namespace Streams;

/// <summary>An operator's command.</summary>
public enum StreamCommand
{
    /// <summary>End the worker, and start none until <see cref="Resume"/> or <see cref="Restart"/>, whatever the publisher does.</summary>
    Stop,

    /// <summary>End a <see cref="Stop"/>.</summary>
    Resume,

    /// <summary>Replace the worker and reset the retry budget; ends a <see cref="Stop"/>. Requires a live input.</summary>
    Restart,
}

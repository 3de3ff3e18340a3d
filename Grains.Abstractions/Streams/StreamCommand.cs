namespace Streams;

/// <summary>What an operator can order.</summary>
public enum StreamCommand
{
    /// <summary>End the worker, and start none until <see cref="Resume"/> or <see cref="Restart"/>, whatever the publisher does.</summary>
    Stop,

    /// <summary>End a <see cref="Stop"/>.</summary>
    Resume,

    /// <summary>Replace the worker by a new one, with a whole retry budget; ends a <see cref="Stop"/>. Needs a live input.</summary>
    Restart,
}

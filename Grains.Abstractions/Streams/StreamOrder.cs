namespace Streams;

/// <summary>Whether a worker should run.</summary>
public enum StreamOrder
{
    /// <summary>No: the input has no publisher, or an operator has stopped the stream.</summary>
    Stop,

    /// <summary>Yes.</summary>
    Run,
}

namespace Streams;

/// <summary>Whether a worker should run.</summary>
public enum StreamOrder
{
    /// <summary>No: nobody publishes the input, or an operator has stopped the stream.</summary>
    Stop,

    /// <summary>Yes.</summary>
    Run,
}

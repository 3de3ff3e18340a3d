namespace Streams;

/// <summary>What a worker failed at.</summary>
public enum WorkerFault
{
    /// <summary>The cause is unknown.</summary>
    Unknown,

    /// <summary>Reading the stream's input.</summary>
    Reading,

    /// <summary>Decoding it.</summary>
    Decoding,

    /// <summary>Encoding.</summary>
    Encoding,

    /// <summary>Writing the output.</summary>
    Writing,

    /// <summary>The program could not be started: missing, not executable, or its profile is wrong.</summary>
    Starting,

    /// <summary>The machine is short of file handles, processes, memory or disk.</summary>
    Machine,

    /// <summary>It hung, or produced no output.</summary>
    Hanging,

    /// <summary>Something outside killed it.</summary>
    Killed,
}

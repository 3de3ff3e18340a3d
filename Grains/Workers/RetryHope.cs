namespace Streams.Grains.Workers;

/// <summary>Whether trying again can help after a worker's end.</summary>
public enum RetryHope
{
    /// <summary>It can: by the stream's budget of retries.</summary>
    Soon,

    /// <summary>The machine was short of something, which is not the stream's fault: again without using up the budget.</summary>
    WhenMachineRecovers,

    /// <summary>Only after somebody has changed something (installed the program): the stream has failed, and is tried again rarely.</summary>
    AfterRepair,

    /// <summary>Never for this publish (its codec does not fit): only another source or an operator's choice helps.</summary>
    None,
}

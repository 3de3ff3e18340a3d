namespace Streams;

/// <summary>
/// Whether a key belongs to a standby, asked of the worker hosts of all silos and not of the stream's grain, which may have been on the silo that the standby
/// steps in for. One on each silo; the key is <see cref="Key"/>.
/// </summary>
[Alias("Streams.IRunKeysGrain")]
public interface IRunKeysGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the grain.</summary>
    public const long Key = 0;

    /// <summary>Whether a key is that of a standby that is stepping in, and of which its stream does not know yet: it may publish the output.</summary>
    [Alias("OpensOutput")]
    Task<bool> OpensOutput(StreamId streamId, string key);

    /// <summary>Whether a key is that of the run whose side path it is: it may publish there.</summary>
    [Alias("OpensSide")]
    Task<bool> OpensSide(StreamId streamId, long generation, string key);
}

using Orleans.Concurrency;

namespace Streams;

/// <summary>One live stream; the key is its <see cref="StreamId"/>.</summary>
[Alias("Streams.IStreamGrain")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Takes a transition of one of the stream's paths. Saved when it returns; safe to repeat with the same event.</summary>
    [Alias("Take")]
    Task<EventReceipt> Receive(SourceEvent sourceEvent);

    /// <summary>Takes an operator's command. One that the stream cannot do now is refused with the reason; repeating one is no error.</summary>
    [Alias("Command")]
    Task<CommandReceipt> Command(StreamCommand command, CallOrigin origin);

    /// <summary>Chooses the worker's profile; a running worker is replaced by one of that profile. One that this silo does not have is refused.</summary>
    /// <param name="profile">Its name, or null for the configured default.</param>
    /// <param name="origin">Who chooses.</param>
    [Alias("ChooseProfile")]
    Task<CommandReceipt> ChooseProfile(string? profile, CallOrigin origin);

    /// <summary>What the stream is now, or null for a stream that never existed. Answers at once, also while another call is under way.</summary>
    [Alias("GetStatus"), AlwaysInterleave, ReadOnly]
    Task<StreamStatus?> GetStatus();

    /// <summary>
    /// Whether a key is that of the stream's present run, whose worker alone may write the output, and may read the input. Answers at once, from
    /// the worker host; no state has the key.
    /// </summary>
    /// <param name="key">What somebody gave MediaMTX as a password.</param>
    [Alias("HoldsRunKey"), AlwaysInterleave, ReadOnly]
    Task<bool> HoldsRunKey(string key);

    /// <summary>
    /// Forgets the stream: all that is saved of it is removed. Refused while it is live or has a worker, but never when what is saved is
    /// damaged: then it starts anew.
    /// </summary>
    [Alias("Drop")]
    Task<CommandReceipt> Drop();
}

using Orleans.Concurrency;

namespace Streams;

/// <summary>One live stream; the key is its <see cref="StreamId"/>.</summary>
[Alias("Streams.IStreamGrain")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Receives a transition of one of the stream's paths. It is saved when the call returns; repeating the same event is safe.</summary>
    [Alias("Take")]
    Task<EventReceipt> Receive(SourceEvent sourceEvent);

    /// <summary>Receives an operator's command. A command that the stream cannot carry out now is refused with the reason; repeating one is not an error.</summary>
    [Alias("Command")]
    Task<CommandReceipt> Command(StreamCommand command, CallOrigin origin);

    /// <summary>Chooses the worker's profile. A running worker is replaced; a profile that this silo does not have is refused.</summary>
    /// <param name="profile">Its name, or null for the configured default.</param>
    /// <param name="origin">The caller.</param>
    [Alias("ChooseProfile")]
    Task<CommandReceipt> ChooseProfile(string? profile, CallOrigin origin);

    /// <summary>Chooses whether the stream has a standby, whatever its profile says.</summary>
    /// <param name="mode">The choice, or null for what the profile says.</param>
    /// <param name="origin">The caller.</param>
    [Alias("ChooseStandby")]
    Task<CommandReceipt> ChooseStandby(StandbyMode? mode, CallOrigin origin);

    /// <summary>The stream's current status, or null for a stream that never existed. Answers at once, even while another call is in progress.</summary>
    [Alias("GetStatus"), AlwaysInterleave, ReadOnly]
    Task<StreamStatus?> GetStatus();

    /// <summary>
    /// Whether a key is the run key of the stream's current worker, which alone may write the output, and may read the input. Answers at once,
    /// from the worker host; the key is never saved.
    /// </summary>
    /// <param name="key">The password that a client sent to MediaMTX.</param>
    /// <param name="toPublish">Whether it was sent to publish the output. Once the next run of a planned change publishes, the former's key no longer does.</param>
    [Alias("HoldsRunKey"), AlwaysInterleave, ReadOnly]
    Task<bool> HoldsRunKey(string key, bool toPublish);

    /// <summary>
    /// Removes everything saved about the stream. Refused while it is live or has a worker, unless its saved row is damaged: a damaged stream
    /// always starts anew.
    /// </summary>
    [Alias("Drop")]
    Task<CommandReceipt> Drop();
}

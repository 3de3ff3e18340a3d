using Orleans.Concurrency;

namespace Streams;

/// <summary>One live stream; the key is its <see cref="StreamId"/>.</summary>
[Alias("Streams.IStreamGrain")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Takes a transition of one of the stream's paths. Saved when it returns; safe to repeat with the same event.</summary>
    [Alias("Take")]
    Task<EventReceipt> Take(SourceEvent sourceEvent);

    /// <summary>Takes an operator's command, and returns what the stream is after it. A command that changes nothing is no error.</summary>
    [Alias("Command")]
    Task<StreamStatus> Command(StreamCommand command);

    /// <summary>Chooses the worker's profile; a running worker is replaced by one of that profile.</summary>
    /// <param name="profile">Its name, or null for the configured default. One that does not exist makes the next run fail, and says so.</param>
    [Alias("ChooseProfile")]
    Task<StreamStatus> ChooseProfile(string? profile);

    /// <summary>What the stream is now, or null for a stream that never existed. Answers at once, also while another call is under way.</summary>
    [Alias("GetStatus"), AlwaysInterleave, ReadOnly]
    Task<StreamStatus?> GetStatus();

    /// <summary>What happened to the stream, or null for one that never existed. Answers at once.</summary>
    [Alias("GetHistory"), AlwaysInterleave, ReadOnly]
    Task<StreamHistory?> GetHistory();
}

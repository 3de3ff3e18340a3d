using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Streams;

/// <summary>Looks into the storage, where a stream's grain would look.</summary>
[StatelessWorker(1)]
internal sealed class StreamLookupGrain([FromKeyedServices(StorageNames.Streams)] IGrainStorage storage) : Grain, IStreamLookupGrain
{
    /// <summary>The name of <see cref="StreamGrain"/>'s state.</summary>
    private const string StateName = "stream";

    public async Task<bool> Exists(StreamId streamId)
    {
        GrainState<StreamState> saved = new(new StreamState());
        try
        {
            await storage.ReadStateAsync(StateName, GrainFactory.GetGrain<IStreamGrain>(streamId.Value).GetGrainId(), saved);
        }
        catch (Exception)
        {
            return true; // What cannot be read is for the stream's grain to say, with its reason.
        }

        return saved is { RecordExists: true, State.Exists: true };
    }
}

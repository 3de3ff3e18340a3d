using Microsoft.Extensions.Options;
using Orleans.Runtime.Messaging;
using Orleans.Storage;
using Streams.Api.Feed;
using Streams.Api.Hosting;

namespace Streams.Api.Cluster;

/// <summary>
/// Calls grains with a deadline. An unreachable or slow cluster is an expected outcome and comes back as one; a fault of a grain is thrown.
/// </summary>
internal sealed class GrainCalls(IGrainFactory grains, FeedMirror feed, MediaServers media, IOptions<ApiOptions> options, TimeProvider time)
{
    /// <summary>Maximum concurrent lookups of whether a stream exists. One that is not answered in time goes on without its caller, so a store that hangs would collect them without bound.</summary>
    public const int MaxLookups = 256;

    /// <summary>Timeout of the query for the store's state, which a silo that answers has at hand.</summary>
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromMilliseconds(250);

    private int _lookups;

    /// <summary>The media servers, whose watches are grains too.</summary>
    public MediaServers MediaServers => media;

    /// <summary>
    /// Calls a stream's grain if there is such a stream: ids that never existed activate no grain. A stream of the feed exists; for the others the
    /// store is queried.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="ask">The question.</param>
    /// <param name="unknown">The answer when there is no such stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GrainAnswer<T>> CallStream<T>(StreamId streamId, Func<IStreamGrain, Task<T>> ask, T unknown, CancellationToken cancellationToken)
    {
        bool isKnown = feed.Find(streamId) is not null;
        return isKnown || Volatile.Read(ref _lookups) < MaxLookups
            ? Call(CallIfThere, cancellationToken)
            : Task.FromResult(new GrainAnswer<T>(default!, "Too many questions about streams wait for the storage."));

        Task<T> CallIfThere(IGrainFactory factory)
        {
            IStreamGrain stream = factory.GetGrain<IStreamGrain>(streamId.Value);
            return isKnown ? ask(stream) : CallIfSaved(factory.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key), stream);
        }

        async Task<T> CallIfSaved(IStreamIndexGrain index, IStreamGrain stream) => await Exists(index, streamId) ? await ask(stream) : unknown;
    }

    private async Task<bool> Exists(IStreamIndexGrain index, StreamId streamId)
    {
        Interlocked.Increment(ref _lookups);
        try
        {
            return await index.Exists(streamId);
        }
        finally
        {
            Interlocked.Decrement(ref _lookups);
        }
    }

    /// <summary>Calls within <see cref="ApiOptions.GrainTimeout"/>. After a timeout it is unknown whether the call took effect.</summary>
    public Task<GrainAnswer<T>> Call<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken) =>
        Call(call, options.Value.GrainTimeout, cancellationToken);

    public async Task<GrainAnswer<T>> Call<T>(Func<IGrainFactory, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        Task<T>? running = null;
        try
        {
            running = call(grains);
            return new(await running.WaitAsync(limit, time, cancellationToken), null);
        }
        catch (ArgumentException) when (running is null)
        {
            // The factory knows the grains from the silos that the client has met, and refuses until it has met one.
            return new(default!, "No silo has been reached yet.");
        }
        catch (TimeoutException)
        {
            string? store = await FindStoreProblem();
            return new(default!, store ?? $"The cluster did not answer within {limit.TotalSeconds:0.###} s.") { IsStoreAway = store is not null };
        }
        catch (StoreUnavailableException exception)
        {
            return new(default!, exception.Message) { IsStoreAway = true };
        }
        catch (InconsistentStateException)
        {
            return new(default!, "What is saved of the stream was changed beside the silo; it is read again.");
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            return new(default!, "The cluster cannot be reached.");
        }
        finally
        {
            running?.Ignore();
        }
    }

    /// <summary>Queries why the store cannot be used, after a call timed out; null when it can, or when no silo answers.</summary>
    private async Task<string?> FindStoreProblem()
    {
        try
        {
            return (await grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).GetStore().WaitAsync(StoreTimeout, time)).Problem;
        }
        catch (Exception)
        {
            return null; // The cluster does not answer: the caller reports that.
        }
    }

    // What Orleans throws when no silo takes the call, or when two activations of a grain met and one must start over.
    // What a grain's own code throws arrives as its own type, or wrapped, and stays a fault.
    private static bool IsUnavailable(Exception exception) =>
        exception is ConnectionFailedException or OrleansException and not WrappedException;
}

using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Streams.Api;

/// <summary>
/// Calls grains with a deadline. A cluster that is away or slow is an expected outcome and comes back as one; a fault of a grain is thrown.
/// </summary>
internal sealed class GrainCalls(IGrainFactory grains, IOptions<ApiOptions> options, TimeProvider time)
{
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
            return new(default!, $"The cluster did not answer within {limit.TotalSeconds:0.###} s.");
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

    // What Orleans throws when no silo takes the call, or when two activations of a grain met and one must start over.
    // What a grain's own code throws arrives as its own type, or wrapped, and stays a fault.
    private static bool IsUnavailable(Exception exception) =>
        exception is ConnectionFailedException or OrleansException and not WrappedException;
}

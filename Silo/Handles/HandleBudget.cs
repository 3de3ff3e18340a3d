using Microsoft.Extensions.Options;
using Streams.Api.Door;
using Streams.Api.Hosting;

namespace Streams.Silo.Handles;

/// <summary>Compares the file handles that the silo needs with its limit.</summary>
internal static class HandleBudget
{
    /// <summary>
    /// Handles of the silo without workers and connections: 384 after every endpoint has been called, two for each of 177 assemblies among them; the
    /// reserve of 32; and about as many for connections to MediaMTX and settings files.
    /// </summary>
    public const int ForSilo = 450;

    /// <summary>Handles of a worker: its two output pipes.</summary>
    public const int PerWorker = 2;

    private const string Remedy = "Raise the hard limit of open files (ulimit -Hn, systemd's LimitNOFILE, Docker's --ulimit nofile)";

    /// <summary>Why the limit is too low even for the silo and one worker; null when it is not.</summary>
    /// <param name="limit">The handle limit.</param>
    public static string? FindShortage(long limit) => limit >= ForSilo + PerWorker ? null
        : $"The silo needs {ForSilo} file handles for itself and {PerWorker} for each worker, and may open {limit}. {Remedy}.";

    /// <summary>Why the limit is too low for the configured workers and connections; null when it is not.</summary>
    /// <param name="limit">The handle limit.</param>
    /// <param name="workers">The most workers.</param>
    /// <param name="connections">The most connections.</param>
    public static string? FindShortage(long limit, int workers, long connections)
    {
        long need = ForSilo + (PerWorker * (long)workers) + connections;
        if (need <= limit)
        {
            return null;
        }

        long most = (limit - ForSilo - connections) / PerWorker;
        string lower = most < 1 ? "" : $", or set {nameof(WorkerOptions.MaxWorkers)} to {most} at most";
        return $"{WorkerOptions.Section}:{nameof(WorkerOptions.MaxWorkers)} of {workers} needs {need} file handles ({ForSilo} for the silo, {PerWorker} for each worker, {connections} for connections), "
            + $"and the silo may open {limit}. {Remedy}{lower}.";
    }

    /// <summary>The same, with the current limit and the settings of a host.</summary>
    public static string? FindShortage(IServiceProvider services) => FindShortage(
        FileHandles.Limit,
        services.GetRequiredService<IOptions<WorkerOptions>>().Value.MaxWorkers,
        FrontDoorLimits.Of(services.GetRequiredService<IOptions<ApiOptions>>().Value).Total);
}

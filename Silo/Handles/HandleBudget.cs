using Microsoft.Extensions.Options;
using Streams.Api.Door;
using Streams.Api.Hosting;

namespace Streams.Silo.Handles;

/// <summary>How many file handles the silo needs, compared with how many it may open.</summary>
internal static class HandleNeed
{
    /// <summary>
    /// Of the silo without workers and connections: 384 after every endpoint was asked, two of them for each of 177 assemblies; the reserve of 32, and as
    /// many connections to MediaMTX and files of settings.
    /// </summary>
    public const int OfSilo = 450;

    /// <summary>Of a worker: its two output pipes.</summary>
    public const int OfWorker = 2;

    private const string Remedy = "Raise the hard limit of open files (ulimit -Hn, systemd's LimitNOFILE, Docker's --ulimit nofile)";

    /// <summary>Why the silo cannot even be put together; null when it can.</summary>
    /// <param name="limit">How many handles it may open.</param>
    public static string? FindShortage(long limit) => limit >= OfSilo + OfWorker ? null
        : $"The silo needs {OfSilo} file handles for itself and {OfWorker} for each worker, and may open {limit}. {Remedy}.";

    /// <summary>Why it cannot carry so many workers; null when it can.</summary>
    /// <param name="limit">How many handles it may open.</param>
    /// <param name="workers">How many workers it may have.</param>
    /// <param name="connections">How many connections it may have.</param>
    public static string? FindShortage(long limit, int workers, long connections)
    {
        long need = OfSilo + (OfWorker * (long)workers) + connections;
        if (need <= limit)
        {
            return null;
        }

        long most = (limit - OfSilo - connections) / OfWorker;
        string lower = most < 1 ? "" : $", or set {nameof(WorkerOptions.MaxWorkers)} to {most} at most";
        return $"{WorkerOptions.Section}:{nameof(WorkerOptions.MaxWorkers)} of {workers} needs {need} file handles ({OfSilo} for the silo, {OfWorker} for each worker, {connections} for connections), "
            + $"and the silo may open {limit}. {Remedy}{lower}.";
    }

    /// <summary>The same with the settings of a host.</summary>
    public static string? FindShortage(IServiceProvider services) => FindShortage(
        FileHandles.Limit,
        services.GetRequiredService<IOptions<WorkerOptions>>().Value.MaxWorkers,
        FrontDoorLimits.Of(services.GetRequiredService<IOptions<ApiOptions>>().Value).Total);
}

using System.Net;
using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Silo.Storage;

namespace Streams.Silo.Membership;

/// <summary>What a silo needs to be one of several.</summary>
internal sealed class ClusterValidator(IOptionsMonitor<StoreOptions> store, IOptionsMonitor<WorkerOptions> workers) : IValidateOptions<ClusterConnectionOptions>
{
    private const string Clustering = $"{ClusterConnectionOptions.Section}:{nameof(ClusterConnectionOptions.Clustering)} (STREAMS_CLUSTERING)";
    private const string Address = $"{ClusterConnectionOptions.Section}:{nameof(ClusterConnectionOptions.Address)} (STREAMS_SILO_ADDRESS)";

    public ValidateOptionsResult Validate(string? name, ClusterConnectionOptions options)
    {
        string[] failures = [.. options.Clustering == ClusteringKind.Postgres ? FindInCluster(options) : FindAlone(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> FindAlone(ClusterConnectionOptions options)
    {
        if (options.Address.Length > 0)
        {
            yield return $"{Address} is set, and {Clustering} is localhost, where no other silo comes: set STREAMS_CLUSTERING=postgres, or leave it out.";
        }

        if (RunsNone())
        {
            yield return $"{WorkerOptions.Section}:{nameof(WorkerOptions.MaxWorkers)} is 0, and {Clustering} is localhost: a silo that is alone would run no workers at all. Set 1 or more.";
        }
    }

    /// <summary>Settings of workers that are wrong are told by their own check.</summary>
    private bool RunsNone()
    {
        try
        {
            return workers.CurrentValue.MaxWorkers == 0;
        }
        catch (OptionsValidationException)
        {
            return false;
        }
    }

    private IEnumerable<string> FindInCluster(ClusterConnectionOptions options)
    {
        if (!HasDatabase())
        {
            yield return $"{Clustering} is postgres, and {StoreOptions.Section}:{nameof(StoreOptions.Kind)} (STREAMS_STORE) is not: the silos of a cluster share the database of the store. "
                + "Set STREAMS_STORE=postgres, or STREAMS_CLUSTERING=localhost for one silo.";
        }

        if (!IPAddress.TryParse(options.Address, out IPAddress? address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            yield return options.Address.Length == 0
                ? $"{Address} is missing: with STREAMS_CLUSTERING=postgres it is the IP address at which other silos reach this one, for example 10.0.0.7."
                : $"{Address} is '{options.Address}', and must be the IP address at which other silos reach this one, for example 10.0.0.7.";
        }

        if (options.SiloPort == options.GatewayPort)
        {
            yield return $"{ClusterConnectionOptions.Section}:{nameof(options.SiloPort)} (STREAMS_SILO_PORT) and {ClusterConnectionOptions.Section}:{nameof(options.GatewayPort)} "
                + $"(STREAMS_GATEWAY_PORT) are both {options.SiloPort}: give each a port of its own.";
        }
    }

    /// <summary>Settings of the store that are wrong are told by its own check.</summary>
    private bool HasDatabase()
    {
        try
        {
            return store.CurrentValue.Kind == StoreKind.Postgres;
        }
        catch (OptionsValidationException)
        {
            return true;
        }
    }
}

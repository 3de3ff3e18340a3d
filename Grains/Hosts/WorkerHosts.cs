using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>
/// The worker hosts of the cluster, seen from this silo: which one a new run is placed on, whether one has ended, and how one is reached. A host
/// is named by its silo's address, which no later silo has again.
/// </summary>
internal sealed partial class WorkerHosts(
    ILocalSiloDetails silo, ISiloStatusOracle statuses, WorkerHostClient client, IGrainFactory grains, TimeProvider time, ILogger<WorkerHosts> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How long a run counts that was placed on a host whose reports do not have it yet.</summary>
    private static readonly TimeSpan PromiseLasts = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly List<(string Host, int Slots, long At)> _promises = [];
    private ImmutableArray<SiloReport> _reports = [];
    private ImmutableHashSet<string> _draining = [];

    /// <summary>The name of this silo's host.</summary>
    public string Local { get; } = silo.SiloAddress.ToParsableString();

    /// <summary>Whether there are others than this silo's.</summary>
    public bool AreSeveral => statuses.GetApproximateSiloStatuses(onlyActive: true).Count > 1;

    /// <summary>How many hosts have reported.</summary>
    public int KnownHosts => _reports.Length;

    /// <summary>Chooses the host of a stream's next run. Without another that can take it: this silo's.</summary>
    public string Place(RunNeeds run)
    {
        if (!AreSeveral)
        {
            return Local;
        }

        lock (_lock)
        {
            string chosen = WorkerPlacement.Choose(CapacitiesNow(), run) ?? Local;
            _promises.Add((chosen, run.Slots, time.GetTimestamp()));
            return chosen;
        }
    }

    /// <summary>Chooses the host of a standby, or says why there is none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="present">The host of the present run.</param>
    public (string? Host, string? Problem) PlaceStandby(RunNeeds run, string present)
    {
        if (!AreSeveral)
        {
            return (null, "it needs a second silo");
        }

        lock (_lock)
        {
            if (WorkerPlacement.ChooseStandby(CapacitiesNow(), run, present) is not { } chosen)
            {
                return (null, $"no other silo has profile '{run.Profile}' and a free slot for it");
            }

            _promises.Add((chosen, run.Slots, time.GetTimestamp()));
            return (chosen, null);
        }
    }

    /// <summary>Whether a host other than the present one has room for a stream's next run.</summary>
    public bool CanPlaceElsewhere(RunNeeds run, string present)
    {
        if (!AreSeveral)
        {
            return false;
        }

        lock (_lock)
        {
            return CapacitiesNow().Any(host => host.Name != present && host.Has(run.Profile) && host.CanMakeRoomFor(run.Slots));
        }
    }

    /// <summary>Whether another silo takes workers, be it full at the moment.</summary>
    public bool HasOtherForWorkers
    {
        get
        {
            lock (_lock)
            {
                return CapacitiesNow().Any(host => host.Name != Local && host.MaxWorkers > 0);
            }
        }
    }

    /// <summary>Records that a silo is drained, so that nothing is placed there before its own report says so.</summary>
    public void RecordDraining(string host)
    {
        lock (_lock)
        {
            _draining = _draining.Add(host);
        }
    }

    /// <summary>The hosts of the other silos that are active.</summary>
    public ImmutableArray<IWorkerHostService> ReachOthers() =>
        [.. statuses.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(address => !address.Equals(silo.SiloAddress)).Select(client.Of)];

    private ImmutableArray<HostCapacity> CapacitiesNow()
    {
        HashSet<string> active = [.. statuses.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(static address => address.ToParsableString())];
        long now = time.GetTimestamp();
        _promises.RemoveAll(promise => time.GetElapsedTime(promise.At, now) > PromiseLasts);
        _draining = _draining.Intersect(active);
        return
        [
            .. _reports
                .Where(static report => report.State == SiloState.Active)
                .Select(static report => (Name: ParsableName(report.Address), report))
                .Where(host => host.Name is not null && active.Contains(host.Name) && !_draining.Contains(host.Name))
                .Select(host => new HostCapacity(host.Name!, host.report.MaxWorkers, host.report.Slots + _promises.Where(promise => promise.Host == host.Name).Sum(static promise => promise.Slots))
                {
                    Spare = host.report.SpareSlots,
                    Zone = host.report.Zone,
                    Profiles = host.report.Profiles,
                }),
        ];
    }

    /// <summary>Whether a host's silo is known to have ended, and its workers with it. One that only does not answer has not.</summary>
    public bool HasEnded(string host) => SiloAddress.FromParsableString(host) is var address
        && (statuses.GetApproximateSiloStatus(address) switch
        {
            SiloStatus.Dead => true,
            SiloStatus.None => !Reports(host), // Long gone, or so new that this silo has not heard of it.
            _ => false,
        });

    /// <summary>The host of a silo other than this one.</summary>
    public IWorkerHostService Reach(string host) => client.Of(SiloAddress.FromParsableString(host));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!AreSeveral)
            {
                continue;
            }

            try
            {
                await Refresh(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Learns how full the hosts are.</summary>
    internal async Task Refresh(CancellationToken stopping)
    {
        ImmutableArray<SiloReport> reports = await Read(stopping);
        lock (_lock)
        {
            _reports = reports;
        }
    }

    /// <summary>
    /// What the feed has of all silos, and of those that it lacks what they say themselves: where it was may be what failed, and begun anew it knows nobody yet.
    /// </summary>
    private async Task<ImmutableArray<SiloReport>> Read(CancellationToken stopping)
    {
        ImmutableArray<SiloReport> told = await Ask(grains.GetGrain<IFeedGrain>(IFeedGrain.Key).GetSilos(), stopping) is { IsDefault: false } answer ? answer : [];
        HashSet<string?> known = [.. told.Select(static report => ParsableName(report.Address))];
        SiloAddress[] missing = [.. statuses.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(address => !known.Contains(address.ToParsableString()))];
        SiloReport?[] asked = await Task.WhenAll(missing.Select(address => Ask(client.Of(address).Report(), stopping)));
        HashSet<string> silent = [.. missing.Where((_, index) => asked[index] is null).Select(static address => address.ToParsableString())];
        return [.. told, .. asked.OfType<SiloReport>(), .. _reports.Where(report => ParsableName(report.Address) is { } name && silent.Contains(name))];
    }

    private async Task<T?> Ask<T>(Task<T> question, CancellationToken stopping)
    {
        try
        {
            return await question.WaitAsync(Period, time, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogUnknown(failure.Message);
            return default;
        }
    }

    private bool Reports(string host)
    {
        lock (_lock)
        {
            return _reports.Any(report => ParsableName(report.Address) == host);
        }
    }

    /// <summary>A silo's report has its address in the form for people.</summary>
    internal static string? ParsableName(string address) => address.StartsWith('S') && address.LastIndexOf(':') is > 1 and var last ? $"{address[1..last]}@{address[(last + 1)..]}" : null;

    [LoggerMessage(2401, LogLevel.Debug, "How many workers the other silos have is unknown; what they last reported counts: {Reason}")]
    private partial void LogUnknown(string reason);
}

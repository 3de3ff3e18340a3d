using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Streams;

/// <summary>
/// Keeps the list of streams. It is saved with a delay, since each stream tells its phase again when it is active, and it forgets
/// the oldest streams, so that neither it nor the storage grows for ever.
/// </summary>
internal sealed partial class CatalogGrain(
    [PersistentState("catalog", StorageNames.Streams)] IPersistentState<CatalogState> storage,
    IOptions<CatalogOptions> options,
    TimeProvider time,
    ILogger<CatalogGrain> logger) : Grain, ICatalogGrain
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(2);

    /// <summary>So many times as long as a save takes, none follows: a long list must not keep the disk busy.</summary>
    private const int Rest = 20;

    /// <summary>How many streams are forgotten after one save, so that nobody waits for long.</summary>
    private const int ForgetAtOnce = 100;

    private readonly SortedDictionary<string, StreamEntry> _entries = new(StringComparer.Ordinal);
    private ImmutableArray<StreamEntry> _list = [];
    private bool _listIsCurrent;
    private IGrainTimer? _saveTimer;
    private TimeSpan _delay = ShortestDelay;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (StreamEntry entry in storage.State.Entries)
        {
            _entries[entry.StreamId.Value] = entry;
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _saveTimer is null ? Task.CompletedTask : Save();

    public Task Note(ImmutableArray<StreamEntry> entries)
    {
        foreach (StreamEntry entry in entries)
        {
            // What is told last holds: times alone would refuse it after a clock was set back. Only an old run's late word is dropped.
            if (_entries.TryGetValue(entry.StreamId.Value, out StreamEntry? known)
                && (known == entry || (entry.Generation < known.Generation && entry.Since < known.Since)))
            {
                continue;
            }

            _entries[entry.StreamId.Value] = entry;
            Changed();
        }

        return Task.CompletedTask;
    }

    public Task<ImmutableArray<StreamEntry>> List() => Task.FromResult(CurrentList());

    private ImmutableArray<StreamEntry> CurrentList()
    {
        if (!_listIsCurrent)
        {
            _list = [.. _entries.Values];
            _listIsCurrent = true;
        }

        return _list;
    }

    private void Changed()
    {
        _listIsCurrent = false;
        _saveTimer ??= this.RegisterGrainTimer(static (catalog, _) => catalog.SaveAndForget(), this, new GrainTimerCreationOptions(_delay, _delay));
    }

    private async Task SaveAndForget()
    {
        await Save();
        await ForgetOldest();
    }

    private async Task Save()
    {
        long start = time.GetTimestamp();
        storage.State = new CatalogState { Entries = CurrentList() };
        await storage.WriteStateAsync();
        TimeSpan rest = time.GetElapsedTime(start) * Rest;
        _delay = rest > ShortestDelay ? rest : ShortestDelay;
        _saveTimer?.Dispose();
        _saveTimer = null;
    }

    private async Task ForgetOldest()
    {
        StreamEntry[] offline = [.. _entries.Values.Where(static entry => entry.Phase == StreamPhase.Offline && !entry.IsLive && !entry.IsKept)];
        int surplus = Math.Min(offline.Length - options.Value.MaxOffline, ForgetAtOnce);
        if (surplus <= 0)
        {
            return;
        }

        foreach (StreamEntry oldest in offline.OrderBy(static entry => entry.Since).Take(surplus))
        {
            try
            {
                if (await GrainFactory.GetGrain<IForgettableStream>(oldest.StreamId.Value).Forget())
                {
                    _entries.Remove(oldest.StreamId.Value);
                }
            }
            catch (Exception failure)
            {
                LogNotForgotten(failure, oldest.StreamId);
            }
        }

        Changed();
    }

    [LoggerMessage(5001, LogLevel.Warning, "Stream {StreamId} could not be forgotten; it is tried again")]
    private partial void LogNotForgotten(Exception failure, StreamId streamId);
}

using System.Collections.Immutable;
using Orleans.Runtime;

namespace Streams;

/// <summary>Keeps the list of streams; saved with a delay, since each stream tells its phase again when it is active.</summary>
internal sealed class CatalogGrain(
    [PersistentState("catalog", StorageNames.Streams)] IPersistentState<CatalogState> storage) : Grain, ICatalogGrain
{
    private static readonly TimeSpan SaveDelay = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<string, StreamEntry> _entries = new(StringComparer.Ordinal);
    private ImmutableArray<StreamEntry> _list = [];
    private bool _listIsCurrent;
    private IGrainTimer? _saveTimer;

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

    public Task Note(StreamEntry entry)
    {
        if (_entries.TryGetValue(entry.StreamId.Value, out StreamEntry? known) && (known == entry || known.Since > entry.Since))
        {
            return Task.CompletedTask;
        }

        _entries[entry.StreamId.Value] = entry;
        _listIsCurrent = false;
        _saveTimer ??= this.RegisterGrainTimer(static (catalog, _) => catalog.Save(), this, new GrainTimerCreationOptions(SaveDelay, SaveDelay));
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

    private async Task Save()
    {
        storage.State = new CatalogState { Entries = CurrentList() };
        await storage.WriteStateAsync();
        _saveTimer?.Dispose();
        _saveTimer = null;
    }
}

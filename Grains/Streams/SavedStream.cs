using Orleans.Storage;
using Streams.Grains.Store;

namespace Streams.Grains.Streams;

/// <summary>
/// A stream's state as it is saved. After a save of unknown outcome, or one that another activation was quicker with, nothing is known
/// until it is read again. All but <see cref="Read"/> is for one caller at a time.
/// </summary>
internal sealed class SavedStream(StreamId id, IStreamStore store)
{
    private long _version;
    private Task? _reading;

    /// <summary>The state; a new one for a stream of which nothing is saved.</summary>
    public StreamState State { get; private set; } = new();

    /// <summary>Whether <see cref="State"/> is what is saved.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether <see cref="State"/> was what is saved, if it is not now.</summary>
    public bool WasKnown { get; private set; }

    /// <summary>Reads it; several callers at once read it together.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    /// <exception cref="StreamDamagedException">What is saved is damaged.</exception>
    public Task Read()
    {
        if (_reading is not { IsCompleted: false })
        {
            _reading = ReadNow();
        }

        return _reading;
    }

    /// <summary>Saves the next state.</summary>
    /// <exception cref="StoreUnavailableException">Nothing is acknowledged.</exception>
    /// <exception cref="InconsistentStateException">Another activation has saved, or the stream was forgotten meanwhile.</exception>
    public async Task Save(StreamState next)
    {
        try
        {
            await store.Write(StreamRows.Of(id, _version + 1, next));
        }
        catch
        {
            IsKnown = false;
            throw;
        }

        _version++;
        State = next;
    }

    /// <summary>Changes the state without saving it: it is saved with the next change.</summary>
    public void Adjust(StreamState adjusted) => State = adjusted;

    /// <summary>Removes all that is saved of it, whatever that is.</summary>
    public async Task Drop()
    {
        await store.Drop(id);
        State = new StreamState();
        _version = 0;
        IsKnown = true;
    }

    private async Task ReadNow()
    {
        IsKnown = false;
        StreamRow? row = await store.Read(id);
        State = row is null ? new StreamState() : StreamRows.Read(row);
        _version = row?.Version ?? 0;
        IsKnown = WasKnown = true;
    }
}

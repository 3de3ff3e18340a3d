using System.Diagnostics;
using Orleans.Storage;
using Streams.Grains.Store;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Streams;

/// <summary>
/// A stream's state as it is saved. After a save of unknown outcome, or one that another activation was quicker with, nothing is known
/// until it is read again. All but reading is for one caller at a time.
/// </summary>
/// <param name="id">The stream.</param>
/// <param name="store">Where it is saved.</param>
/// <param name="time">The clock.</param>
/// <param name="match">Corrects a state that was read by what this silo knows of the stream's worker.</param>
internal sealed class SavedStream(StreamId id, IStreamStore store, TimeProvider time, Func<StreamState, StreamState> match)
{
    /// <summary>How long whoever only looks waits for a store that hangs.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromMilliseconds(250);

    private readonly ClockJumps _jumps = new(time);
    private long _version;
    private Task? _reading;

    /// <summary>Whether <see cref="State"/> was what is saved, if it is not now.</summary>
    private bool _wasKnown;

    /// <summary>The state; a new one for a stream of which nothing is saved.</summary>
    public StreamState State { get; private set; } = new();

    /// <summary>Whether <see cref="State"/> is what is saved.</summary>
    public bool IsKnown { get; private set; }

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

    /// <summary>Reads it unless it is known.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    /// <exception cref="StreamDamagedException">What is saved is damaged.</exception>
    public Task EnsureKnown() => IsKnown ? Task.CompletedTask : Read();

    /// <summary>The same for whoever only looks, or reports what has to reach the worker: for that the last known state does.</summary>
    public async Task TryEnsureKnown()
    {
        Task reading = EnsureKnown();
        if (!_wasKnown || reading.IsCompletedSuccessfully)
        {
            await reading;
            return;
        }

        try
        {
            await reading.WaitAsync(LookLimit, time);
        }
        catch (Exception away) when (away is StoreUnavailableException or TimeoutException)
        {
            reading.Ignore(); // Whoever changes something waits for it, and is told.
        }
    }

    /// <summary>Saves the next state.</summary>
    /// <returns>False if the stream was forgotten meanwhile: nothing is saved, and it begins anew.</returns>
    /// <exception cref="StoreUnavailableException">Nothing is acknowledged.</exception>
    /// <exception cref="InconsistentStateException">Another activation of this stream has saved: it works for it, and this one ends.</exception>
    public async Task<bool> TrySave(StreamState next)
    {
        try
        {
            using Activity? step = StreamsTracing.StartWithin("save stream", id);
            await store.Write(StreamRows.Of(id, _version + 1, next));
        }
        catch (Exception failure)
        {
            IsKnown = false;
            if (failure is InconsistentStateException && State.Exists)
            {
                await Read();
                if (!State.Exists)
                {
                    return false;
                }
            }

            throw;
        }

        _version++;
        State = next;
        return true;
    }

    /// <summary>When the clock was set, the times of the state are set with it, before anything is decided by them. It is saved with the next change.</summary>
    public void FollowClock()
    {
        if (_jumps.Measure() is var jump && jump != TimeSpan.Zero && State.Exists)
        {
            State = StreamMachine.MoveClock(State, jump);
        }
    }

    /// <summary>Removes all that is saved of it, whatever that is.</summary>
    public async Task Drop()
    {
        await store.Drop(id);
        State = match(new StreamState());
        _version = 0;
        IsKnown = true;
    }

    private async Task ReadNow()
    {
        IsKnown = false;
        StreamRow? row = await store.Read(id);
        State = match(row is null ? new StreamState() : StreamRows.Read(row));
        _version = row?.Version ?? 0;
        IsKnown = _wasKnown = true;
    }
}

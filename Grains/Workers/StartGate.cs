namespace Streams.Grains.Workers;

/// <summary>
/// Admits runs in order: never more workers than the silo can carry, and never more than a few that start at the same time, so that
/// a restart of MediaMTX does not become a storm. What waits is visible, and nothing is lost. Safe for several threads.
/// </summary>
/// <param name="maxWorkers">How many slots there are: the workers that may live, if each takes one.</param>
/// <param name="maxStarts">How many of them may be in their start.</param>
internal sealed class StartGate(int maxWorkers, int maxStarts)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Ticket> _waiting = new();

    /// <summary>Standbys that wait: they hold nobody up, and go when nobody else waits.</summary>
    private readonly LinkedList<Ticket> _spare = new();
    private int _living;
    private int _slots;
    private int _spareSlots;
    private int _spares;
    private int _starting;

    /// <summary>How many live, and how many wait.</summary>
    public WorkerCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new WorkerCounts(_living, _waiting.Count, maxWorkers, _slots + _waiting.Sum(static waiting => waiting.Slots), _spareSlots, _spares);
            }
        }
    }

    /// <summary>Whether the next that waits does so for a slot, and not only for the starts before it, which takes moments.</summary>
    public bool LacksSlots
    {
        get
        {
            lock (_lock)
            {
                return _waiting.First is { } next && !HasSlotFor(next.Value);
            }
        }
    }

    /// <summary>Joins the end of the queue.</summary>
    /// <param name="takesOver">Whether it takes over from a run that lives here: then it goes first, and needs no slot of its own.</param>
    /// <param name="slots">How many slots it takes. One that takes more than there are has to itself what there is.</param>
    /// <param name="isSpare">Whether it is a standby: it waits until nobody else does.</param>
    public Ticket Join(bool takesOver = false, int slots = 1, bool isSpare = false)
    {
        Ticket ticket = new() { TakesOver = takesOver, Slots = Math.Min(slots, maxWorkers), IsSpare = isSpare };
        lock (_lock)
        {
            if (isSpare)
            {
                _spare.AddLast(ticket);
            }
            else if (takesOver)
            {
                _waiting.AddFirst(ticket);
            }
            else
            {
                _waiting.AddLast(ticket);
            }

            Admit();
        }

        return ticket;
    }

    /// <summary>Its place in the queue, 1 for the next; null once it is admitted.</summary>
    public int? PositionOf(Ticket ticket)
    {
        lock (_lock)
        {
            int position = 1;
            for (LinkedListNode<Ticket>? node = _waiting.First; node is not null; node = node.Next, position++)
            {
                if (node.Value == ticket)
                {
                    return position;
                }
            }

            return null;
        }
    }

    /// <summary>The start is over (first progress, or it takes too long to count): another may start.</summary>
    public void EndStart(Ticket ticket)
    {
        lock (_lock)
        {
            if (ticket.IsStarting)
            {
                ticket.IsStarting = false;
                _starting--;
                Admit();
            }
        }
    }

    /// <summary>The standby has stepped in: it is a run like others, and makes room for none.</summary>
    public void Promote(Ticket ticket)
    {
        lock (_lock)
        {
            if (ticket is { IsSpare: true, HasLeft: false })
            {
                ticket.IsSpare = false;
                _spareSlots -= ticket.Slots;
                _spares--;
            }
        }
    }

    /// <summary>The worker is gone, or no longer wanted while it waited.</summary>
    public void Leave(Ticket ticket)
    {
        lock (_lock)
        {
            if (_waiting.Remove(ticket) || _spare.Remove(ticket) || ticket.HasLeft)
            {
                ticket.HasLeft = true;
                return;
            }

            ticket.HasLeft = true;
            _living--;
            _slots -= ticket.Slots;
            _spareSlots -= ticket.IsSpare ? ticket.Slots : 0;
            _spares -= ticket.IsSpare ? 1 : 0;
            _starting -= ticket.IsStarting ? 1 : 0;
            ticket.IsStarting = false;
            Admit();
        }
    }

    private void Admit()
    {
        while ((_waiting.First ?? _spare.First) is { } next && HasSlotFor(next.Value) && _starting < maxStarts)
        {
            next.List!.Remove(next);
            _living++;
            _spareSlots += next.Value.IsSpare ? next.Value.Slots : 0;
            _spares += next.Value.IsSpare ? 1 : 0;
            _slots += next.Value.Slots;
            _starting++;
            next.Value.IsStarting = true;
            next.Value.Admit();
        }
    }

    private bool HasSlotFor(Ticket ticket) => ticket.TakesOver || (maxWorkers > 0 && _slots + ticket.Slots <= maxWorkers);

    /// <summary>A run's place in the queue, and then its slot.</summary>
    public sealed class Ticket
    {
        private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done when the run may start.</summary>
        public Task Admitted => _admitted.Task;

        internal bool TakesOver { get; init; }

        internal int Slots { get; init; }

        internal bool IsStarting { get; set; }

        internal bool IsSpare { get; set; }

        internal bool HasLeft { get; set; }

        internal void Admit() => _admitted.SetResult();
    }
}

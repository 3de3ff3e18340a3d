namespace Streams.Grains.Workers;

/// <summary>
/// Admits runs in order: never more workers than the silo can carry, and never more than a few that start at the same time, so that
/// a restart of MediaMTX does not become a storm. What waits is visible, and nothing is lost. Safe for several threads.
/// </summary>
/// <param name="maxWorkers">How many workers may live.</param>
/// <param name="maxStarts">How many of them may be in their start.</param>
internal sealed class StartGate(int maxWorkers, int maxStarts)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Ticket> _waiting = new();
    private int _living;
    private int _starting;

    /// <summary>How many live, and how many wait.</summary>
    public WorkerCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new WorkerCounts(_living, _waiting.Count, maxWorkers);
            }
        }
    }

    /// <summary>Joins the end of the queue.</summary>
    /// <param name="takesOver">Whether it takes over from a run that lives here: then it goes first, and needs no slot of its own.</param>
    public Ticket Join(bool takesOver = false)
    {
        Ticket ticket = new() { TakesOver = takesOver };
        lock (_lock)
        {
            if (takesOver)
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

    /// <summary>The worker is gone, or no longer wanted while it waited.</summary>
    public void Leave(Ticket ticket)
    {
        lock (_lock)
        {
            if (_waiting.Remove(ticket) || ticket.HasLeft)
            {
                ticket.HasLeft = true;
                return;
            }

            ticket.HasLeft = true;
            _living--;
            _starting -= ticket.IsStarting ? 1 : 0;
            ticket.IsStarting = false;
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } next && (_living < maxWorkers || next.Value.TakesOver) && _starting < maxStarts)
        {
            _waiting.RemoveFirst();
            _living++;
            _starting++;
            next.Value.IsStarting = true;
            next.Value.Admit();
        }
    }

    /// <summary>A run's place in the queue, and then its slot.</summary>
    public sealed class Ticket
    {
        private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done when the run may start.</summary>
        public Task Admitted => _admitted.Task;

        internal bool TakesOver { get; init; }

        internal bool IsStarting { get; set; }

        internal bool HasLeft { get; set; }

        internal void Admit() => _admitted.SetResult();
    }
}

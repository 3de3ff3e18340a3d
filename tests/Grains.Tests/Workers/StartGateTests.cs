using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class StartGateTests
{
    [Fact]
    public void Over_the_capacity_runs_wait_in_order_and_start_as_slots_free()
    {
        StartGate gate = new(maxWorkers: 2, maxStarts: 10);
        StartGate.Ticket[] tickets = [.. Enumerable.Range(0, 5).Select(_ => gate.Join())];
        Assert.Equal([null, null, 1, 2, 3], tickets.Select(gate.PositionOf));
        gate.Leave(tickets[0]);
        Assert.True(tickets[2].Admitted.IsCompleted);
        Assert.Equal([1, 2], tickets[3..].Select(gate.PositionOf));
        gate.Leave(tickets[3]);
        Assert.Equal(1, gate.PositionOf(tickets[4]));
        gate.Leave(tickets[1]);
        Assert.True(tickets[4].Admitted.IsCompleted);
        Assert.False(tickets[3].Admitted.IsCompleted);
    }

    [Fact]
    public void A_standby_waits_for_everybody_else_and_holds_nobody_up()
    {
        StartGate gate = new(maxWorkers: 3, maxStarts: 10);
        StartGate.Ticket[] first = [gate.Join(), gate.Join()];
        StartGate.Ticket spare = gate.Join(isSpare: true);
        Assert.True(spare.Admitted.IsCompleted);
        StartGate.Ticket waiting = gate.Join();
        StartGate.Ticket other = gate.Join(isSpare: true);
        Assert.True(gate.LacksSlots);
        Assert.Equal(new WorkerCounts(3, 1, 3, 4, 1, 1), gate.Counts);
        gate.Leave(spare);
        Assert.True(waiting.Admitted.IsCompleted);
        Assert.False(gate.LacksSlots); // What waits is a standby.
        gate.Leave(first[0]);
        Assert.True(other.Admitted.IsCompleted);
        gate.Promote(other);
        gate.Promote(other);
        Assert.Equal(new WorkerCounts(3, 0, 3, 3, 0, 0), gate.Counts);
        gate.Leave(other);
        Assert.Equal(new WorkerCounts(2, 0, 3, 2, 0, 0), gate.Counts);
    }

    [Fact]
    public void A_standby_that_leaves_while_it_waits_gives_back_nothing()
    {
        StartGate gate = new(maxWorkers: 1, maxStarts: 1);
        StartGate.Ticket first = gate.Join();
        StartGate.Ticket spare = gate.Join(isSpare: true);
        gate.Leave(spare);
        gate.Leave(first);
        Assert.Equal(new WorkerCounts(0, 0, 1, 0, 0, 0), gate.Counts);
    }

    [Fact]
    public void Only_so_many_are_in_their_start_at_once_and_none_is_lost()
    {
        StartGate gate = new(maxWorkers: 100, maxStarts: 3);
        StartGate.Ticket[] tickets = [.. Enumerable.Range(0, 20).Select(_ => gate.Join())];
        for (int started = 0; started < tickets.Length; started++)
        {
            Assert.Equal(Math.Min(started + 3, tickets.Length), tickets.Count(static ticket => ticket.Admitted.IsCompleted));
            gate.EndStart(tickets[started]);
            gate.EndStart(tickets[started]); // Told twice, counted once.
        }
    }

    [Fact]
    public void A_run_that_ends_in_its_start_gives_both_its_places_back_once()
    {
        StartGate gate = new(maxWorkers: 1, maxStarts: 1);
        StartGate.Ticket first = gate.Join();
        StartGate.Ticket second = gate.Join();
        StartGate.Ticket third = gate.Join();
        gate.Leave(first);
        gate.Leave(first);
        Assert.True(second.Admitted.IsCompleted);
        Assert.False(third.Admitted.IsCompleted);
    }

    [Fact]
    public void A_run_takes_as_many_slots_as_its_profile_says_and_one_that_takes_more_than_there_are_runs_alone()
    {
        StartGate gate = new(maxWorkers: 4, maxStarts: 10);
        StartGate.Ticket heavy = gate.Join(slots: 3);
        StartGate.Ticket second = gate.Join(slots: 3);
        Assert.Null(gate.PositionOf(heavy));
        Assert.Equal(1, gate.PositionOf(second));
        Assert.Equal(6, gate.Counts.Slots);
        StartGate.Ticket huge = gate.Join(slots: 50);
        gate.Leave(heavy);
        Assert.Null(gate.PositionOf(second));
        gate.Leave(second);
        Assert.Null(gate.PositionOf(huge));
    }

    [Fact]
    public void A_run_that_takes_over_from_one_here_goes_first_and_needs_no_slot_of_its_own()
    {
        StartGate gate = new(maxWorkers: 1, maxStarts: 10);
        gate.Join();
        StartGate.Ticket waits = gate.Join();
        Assert.Null(gate.PositionOf(gate.Join(takesOver: true)));
        Assert.Equal(1, gate.PositionOf(waits));
    }

    [Fact]
    public void Nothing_starts_where_no_workers_run()
    {
        StartGate gate = new(maxWorkers: 0, maxStarts: 10);
        Assert.Equal(1, gate.PositionOf(gate.Join()));
    }

    [Fact]
    public void Waiting_for_the_starts_of_others_is_no_lack_of_slots()
    {
        StartGate gate = new(maxWorkers: 3, maxStarts: 1);
        StartGate.Ticket[] tickets = [.. Enumerable.Range(0, 4).Select(_ => gate.Join())];
        Assert.False(gate.LacksSlots);
        Array.ForEach(tickets[..3], gate.EndStart);
        Assert.Equal(1, gate.PositionOf(tickets[3]));
        Assert.True(gate.LacksSlots);
        gate.Leave(tickets[0]);
        Assert.False(gate.LacksSlots);
    }
}

using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>Publishers that take the input over from each other.</summary>
public sealed class StreamMachineContestTests
{
    [Fact]
    public void Two_takeovers_are_followed_at_once_and_the_third_within_thirty_seconds_is_damped()
    {
        MachineHarness stream = MachineHarness.Running();
        for (int i = 1; i <= 2; i++)
        {
            TakeOver(stream, $"b{i}");
            Assert.Equal(StreamPhase.Starting, stream.State.Phase);
            Assert.Null(Contests.Find(stream.State, stream.Now));
        }

        TakeOver(stream, "b3");
        Assert.Equal(StreamPhase.Backoff, stream.State.Phase);
        Assert.Equal(stream.Now + TimeSpan.FromSeconds(3), stream.State.RetryAt);
        Assert.Equal(3, Contests.Find(stream.State, stream.Now)!.Takeovers);
    }

    [Fact]
    public void Two_publishers_in_loops_for_45_seconds_make_few_generations_and_one_that_stays_gets_its_worker()
    {
        MachineHarness stream = MachineHarness.Running();
        for (int i = 0; i < 25; i++)
        {
            TakeOver(stream, $"b{i}");
            stream.Wait(TimeSpan.FromSeconds(1.8));
            stream.RetryDue();
        }

        Assert.InRange(stream.State.Generation, 4, 9);
        stream.Wait(TimeSpan.FromSeconds(5));
        stream.RetryDue();
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
        stream.Wait(TimeSpan.FromSeconds(31));
        Assert.Null(Contests.Find(stream.State, stream.Now));
    }

    [Fact]
    public void A_publisher_that_comes_again_by_itself_is_no_contest()
    {
        MachineHarness stream = MachineHarness.Running();
        string last = "a";
        for (int i = 0; i < 10; i++)
        {
            stream.NotReady(last);
            stream.Exited();
            stream.Wait(TimeSpan.FromSeconds(0.5));
            last = $"b{i}";
            stream.Ready(last);
            Assert.Equal(StreamPhase.Starting, stream.State.Phase);
            stream.Wait(TimeSpan.FromSeconds(1));
        }

        Assert.Null(Contests.Find(stream.State, stream.Now));
    }

    /// <summary>The hooks of both events run at the same time: the former's end is told first about as often as not.</summary>
    [Fact]
    public void A_takeover_counts_in_whichever_order_its_events_come_and_is_damped_also_when_the_worker_has_gone_meanwhile()
    {
        MachineHarness stream = MachineHarness.Running();
        string last = "a";
        for (int i = 0; i < 25; i++)
        {
            stream.NotReady(last);
            if (stream.State.Phase == StreamPhase.Stopping)
            {
                stream.Exited();
            }

            stream.Wait(TimeSpan.FromMilliseconds(5));
            last = $"b{i}";
            stream.Ready(last);
            stream.Wait(TimeSpan.FromSeconds(1.8));
            stream.RetryDue();
        }

        Assert.InRange(stream.State.Generation, 4, 9);
        Assert.NotNull(Contests.Find(stream.State, stream.Now));
        stream.Wait(TimeSpan.FromSeconds(5));
        stream.RetryDue();
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
    }

    [Fact]
    public void The_addresses_of_both_are_told_as_soon_as_MediaMTX_tells_them()
    {
        MachineHarness stream = MachineHarness.Running();
        foreach (string source in new[] { "b", "c", "d" })
        {
            TakeOver(stream, source);
            stream.Wait(TimeSpan.FromSeconds(1));
            EventOutcome outcome = stream.Do(new StreamInput.Observed(new LiveSource("rtmpConn", source, "", stream.Now) { RemoteAddress = $"192.0.2.1:{(int)source[0]}" }, null, stream.Now));
            Assert.Equal(EventOutcome.Duplicate, outcome);
        }

        Assert.Equal(["192.0.2.1:100", "192.0.2.1:99", "192.0.2.1:98", "source a"], Contests.Find(stream.State, stream.Now)!.Addresses);
    }

    private static void TakeOver(MachineHarness stream, string source)
    {
        stream.Ready(source);
        if (stream.State.Phase == StreamPhase.Stopping)
        {
            stream.Exited();
        }
    }
}

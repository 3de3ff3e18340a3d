using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>The level behind the edges: what MediaMTX's list, a lost silo and a clock that was set back make of a stream.</summary>
public sealed class StreamMachineLevelTests
{
    [Fact]
    public void What_is_observed_corrects_what_hooks_missed()
    {
        MachineHarness stream = new();
        stream.Observe("a", "o");
        Assert.Equal(new StreamEffect.StartWorker(1), stream.LastEffect);
        Assert.Equal("o", stream.State.Output?.Id);
        stream.Wait(TimeSpan.FromSeconds(1));
        stream.Observe(null);
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.InputGone), stream.LastEffect);
        Assert.Null(stream.State.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_worker_that_was_started_before_its_sources_query_was_known_is_replaced_once(bool isToldByHook)
    {
        MachineHarness stream = new();
        stream.Observe("a");
        stream.Started();
        stream.Progressed();
        TellQuery();
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.SourceChanged), stream.LastEffect);
        Assert.Equal("lang=es", stream.State.Input?.Query);
        stream.Exited();
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
        TellQuery();
        Assert.Null(stream.LastEffect);

        void TellQuery()
        {
            if (isToldByHook)
            {
                stream.Ready("a", query: "lang=es");
            }
            else
            {
                stream.Observe("a", query: "lang=es");
            }
        }
    }

    [Fact]
    public void A_stream_that_failed_for_want_of_its_query_starts_when_the_query_is_known()
    {
        MachineHarness stream = new();
        stream.Observe("a");
        stream.Exited(RetryHope.None);
        Assert.Equal(StreamPhase.Failed, stream.State.Phase);
        stream.Ready("a", query: "lang=es");
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
    }

    [Fact]
    public void What_was_asked_before_a_hook_came_is_no_news()
    {
        MachineHarness stream = new();
        DateTimeOffset asked = stream.Now;
        stream.Wait(TimeSpan.FromMilliseconds(10));
        stream.Ready("a");
        stream.Observe(null, askedAt: asked);
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
        stream.NotReady("a");
        stream.Observe("a", askedAt: asked);
        Assert.Null(stream.State.Input);
    }

    [Fact]
    public void After_a_lost_silo_the_worker_starts_when_its_input_is_seen_and_no_retry_is_used()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.WorkerLost());
        Assert.Equal(StreamPhase.Backoff, stream.State.Phase);
        Assert.Null(stream.LastEffect);
        stream.Observe("a");
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
        Assert.Equal(0, stream.State.Retries);
    }

    [Fact]
    public void After_a_lost_silo_a_stream_whose_input_is_gone_starts_nothing()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.WorkerLost());
        stream.Observe(null);
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
        Assert.Null(stream.LastEffect);
    }

    [Fact]
    public void After_the_clock_was_set_back_a_retry_starts_when_its_timer_says_so()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Exited();
        stream.Wait(TimeSpan.FromHours(-1));
        Assert.Equal(EventOutcome.Applied, stream.RetryDue());
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
    }

    [Fact]
    public void After_the_clock_was_set_back_what_MediaMTX_shows_is_news_again()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Wait(TimeSpan.FromHours(-1));
        stream.Observe(null);
        Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
    }

    /// <summary>The silo was paused between the answer and its delivery; a hook came first when it went on.</summary>
    [Fact]
    public void An_answer_of_long_before_a_hook_is_no_news_either()
    {
        MachineHarness stream = new();
        DateTimeOffset asked = stream.Now;
        stream.Wait(TimeSpan.FromMinutes(5));
        stream.Ready("a");
        stream.Observe(null, askedAt: asked);
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
    }

    [Fact]
    public void A_clock_that_was_set_back_by_a_second_is_noticed_too()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Wait(TimeSpan.FromSeconds(-1.5));
        stream.Observe(null);
        Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
    }
}

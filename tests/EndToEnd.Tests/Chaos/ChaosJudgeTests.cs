using Streams.Testing.Cluster;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A judge that sees nothing would make every run of chaos a success.</summary>
public sealed class ChaosJudgeTests
{
    private readonly ChaosJudge _judge = new(TimeSpan.FromSeconds(12));

    [Fact]
    public void Two_workers_of_one_generation_are_a_violation_whatever_is_excused()
    {
        _judge.Allow(new Excuse("s", null, TimeSpan.Zero, "restart"));
        See(1, Worker(10, silo: 1, generation: 3), Worker(11, silo: 2, generation: 3));
        Assert.Contains("two workers of generation 3", Assert.Single(_judge.Finish()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_generations_at_once_are_a_violation_unless_they_are_planned()
    {
        See(1, Worker(10, silo: 1, generation: 3), Worker(11, silo: 2, generation: 4));
        Assert.Contains("neither planned", Assert.Single(_judge.Finish()).What, StringComparison.Ordinal);
        _judge.Allow(new Excuse("s", null, TimeSpan.Zero, "restart"));
        Assert.Empty(_judge.Finish());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_silo_that_is_frozen_excuses_what_it_has_a_part_in(int silo, bool isExcused)
    {
        _judge.Allow(new Excuse(null, silo, TimeSpan.Zero, "frozen")).To = TimeSpan.FromSeconds(5);
        See(4, Worker(10, silo: 1, generation: 3), Worker(11, silo: 2, generation: 4));
        Assert.Equal(isExcused, _judge.Finish().Count == 0);
    }

    [Fact]
    public void An_excuse_that_is_over_excuses_nothing()
    {
        _judge.Allow(new Excuse(null, 1, TimeSpan.Zero, "frozen")).To = TimeSpan.FromSeconds(5);
        See(8, Worker(10, silo: 1, generation: 3), Worker(11, silo: 2, generation: 4));
        Assert.Single(_judge.Finish());
    }

    [Fact]
    public void An_overlap_that_is_excused_is_a_violation_when_it_lasts()
    {
        _judge.Allow(new Excuse("s", null, TimeSpan.Zero, "restart"));
        See(1, Worker(10, silo: 1, generation: 3), Worker(11, silo: 2, generation: 4));
        See(14, Worker(10, silo: 1, generation: 3), Worker(11, silo: 2, generation: 4));
        Assert.Contains("longer than 12", Assert.Single(_judge.Finish()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_earlier_generation_that_starts_after_a_later_one_is_a_violation()
    {
        See(1, Worker(10, silo: 1, generation: 4));
        See(2);
        See(3, Worker(11, silo: 2, generation: 3));
        Assert.Contains("started after one of generation 4", Assert.Single(_judge.Finish()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_goes_back_to_an_earlier_generation_is_a_violation_but_not_after_a_restart_of_the_media_server()
    {
        _judge.SeeOutput(TimeSpan.FromSeconds(1), "a", 1, "s", 4);
        _judge.SeeOutput(TimeSpan.FromSeconds(2), "b", 1, "s", 3);
        _judge.SeeOutput(TimeSpan.FromSeconds(3), "a", 2, "s", 3);
        Assert.Empty(_judge.Finish());
        _judge.SeeOutput(TimeSpan.FromSeconds(4), "a", 1, "s", 3);
        Assert.Contains("is of generation 3, after 4", Assert.Single(_judge.Finish()).What, StringComparison.Ordinal);
    }

    private void See(double seconds, params SeenWorker[] workers) => _judge.See(TimeSpan.FromSeconds(seconds), workers);

    private static SeenWorker Worker(int pid, int silo, long generation) => new(pid, new WorkerMarker(silo, "s", generation));
}

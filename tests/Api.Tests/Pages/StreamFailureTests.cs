using Streams.Api.Pages;
using Streams.Api.Wire;
using Xunit;

namespace Streams.Api.Tests.Pages;

/// <summary>A failure as the pages show it: what failed, why, and what to do.</summary>
public sealed class StreamFailureTests
{
    [Fact]
    public void The_last_run_that_failed_tells_it_by_the_line_that_says_why()
    {
        StreamFailure failure = StreamFailure.LastOf(
            [Run(1, WorkerFault.Reading, "old"), Run(2, WorkerFault.Writing, "It broke. Mend it.", "[flv] no", "Mend it."), Run(3, null, "Stopped.")], [])!;
        Assert.Equal((2, WorkerFault.Writing, "[flv] no", "Mend it."), (failure.Run.Generation, failure.Fault, failure.Why, failure.Remedy));
        Assert.True(failure.IsReason("It broke. Mend it."));
        Assert.False(failure.IsReason("Another."));
        Assert.False(failure.IsReason(null));
    }

    [Fact]
    public void Without_such_a_line_the_reason_is_told_without_what_to_do() =>
        Assert.Equal("It broke.", StreamFailure.LastOf([Run(1, WorkerFault.Starting, "It broke. Mend it.", remedy: "Mend it.")], [])!.Why);

    [Fact]
    public void A_hung_worker_is_told_by_what_was_noticed()
    {
        HistoryEntryView stalled = new() { At = default, What = "WorkerStalled", Outcome = EventOutcome.Applied, Phase = StreamPhase.Stopping, Generation = 4, Reason = "No progress for 5 s." };
        StreamFailure failure = StreamFailure.LastOf([Run(4, WorkerFault.Hanging, "It was stopped.")], [stalled with { Generation = 3, Reason = "Another." }, stalled])!;
        Assert.Equal("No progress for 5 s.", failure.Why);
        Assert.True(failure.IsReason("No progress for 5 s."));
        Assert.NotEmpty(failure.Remedy);
    }

    [Fact]
    public void Runs_that_did_not_fail_tell_nothing() => Assert.Null(StreamFailure.LastOf([Run(1, null, "Stopped.")], []));

    [Theory]
    [InlineData("CodecUnsupported", false)]
    [InlineData("ProfileInvalid", false)]
    [InlineData("ProgramMissing", true)]
    [InlineData("Failed", true)]
    public void What_cannot_help_by_itself_is_known_by_how_the_run_ended(string exit, bool mayPass) =>
        Assert.Equal(mayPass, StreamFailure.LastOf([Run(1, WorkerFault.Starting, "") with { Exit = exit }], [])!.MayPass);

    private static RunView Run(long generation, WorkerFault? fault, string reason, string? cause = null, string? remedy = null) => new()
    {
        Generation = generation,
        Command = "",
        EndedAt = default,
        Exit = "Failed",
        Reason = reason,
        Fault = fault,
        Cause = cause,
        Remedy = remedy,
        Tracks = [],
        Log = [],
    };
}

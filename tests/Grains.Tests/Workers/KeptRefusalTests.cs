using Streams.Grains.Workers;
using Xunit;

namespace Streams.Grains.Tests.Workers;

/// <summary>When a worker's end says that it cannot write the kept output.</summary>
public sealed class KeptRefusalTests
{
    [Theory]
    [InlineData(WorkerExitKind.Refused, WorkerFault.Writing, false)]
    [InlineData(WorkerExitKind.Failed, WorkerFault.Writing, true)]
    [InlineData(WorkerExitKind.Hung, WorkerFault.Hanging, true)]
    [InlineData(WorkerExitKind.Failed, WorkerFault.Reading, false)]
    [InlineData(WorkerExitKind.Failed, WorkerFault.Decoding, false)]
    [InlineData(WorkerExitKind.Killed, WorkerFault.Killed, false)]
    [InlineData(WorkerExitKind.MachineShort, WorkerFault.Machine, false)]
    public void It_is_where_its_output_is_at_fault(WorkerExitKind kind, WorkerFault fault, bool isRefused)
    {
        Assert.Equal(isRefused, KeptRefusal.Is(Exit(kind, fault), hasFallback: false));
        Assert.Equal(isRefused, KeptRefusal.Is(Exit(kind, fault), hasFallback: true));
    }

    [Fact]
    public void A_program_that_does_not_say_why_may_have_been_refused_unless_a_fallback_keeps_the_audience()
    {
        Assert.True(KeptRefusal.Is(Exit(WorkerExitKind.Failed, WorkerFault.Unknown), hasFallback: false));
        Assert.False(KeptRefusal.Is(Exit(WorkerExitKind.Failed, WorkerFault.Unknown), hasFallback: true));
    }

    private static WorkerExit Exit(WorkerExitKind kind, WorkerFault fault) => new(kind, "it failed", 1, null, []) { Fault = fault };
}

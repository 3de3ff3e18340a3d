using System.Runtime.InteropServices;
using Streams.Hooks;
using Xunit;

namespace Streams.Hook.Tests;

public sealed class ProcessEdgeTests
{
    [Fact]
    public async Task The_entry_point_holds_the_signals_and_answers_with_the_commands_exit_code()
    {
        try
        {
            Assert.Equal(ExitCode.Accepted, await Program.Main(["--version"]));
            Assert.Equal(2, Program.Ignored.Count);
        }
        finally
        {
            // The test process must stay one that a signal ends.
            Program.Ignored.ForEach(static held => held.Dispose());
            Program.Ignored.Clear();
        }
    }

    [Fact]
    public void A_signal_does_not_end_the_process()
    {
        PosixSignalContext signal = new(PosixSignal.SIGINT);

        Program.Ignore(signal);

        Assert.True(signal.Cancel);
    }

    [Fact]
    public async Task A_standard_error_that_nobody_reads_leaves_the_exit_code() =>
        Assert.Equal(ExitCode.Misused, await new HookCommand(_ => null, TimeProvider.System)
            .RunAsync(["ready"], Stream.Null, new BrokenStream()));

    private sealed class BrokenStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}

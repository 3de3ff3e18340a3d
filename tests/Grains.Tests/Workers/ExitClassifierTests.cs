using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class ExitClassifierTests
{
    private readonly ExitClassifier _exits = new(new WorkerOptions(), new MachineShortage());

    [Theory]
    [InlineData(WorkerFault.Reading, "[rtsp @ 0x1] [error] method DESCRIBE failed: 404 Not Found")]
    [InlineData(WorkerFault.Reading, "[error] rtsp://127.0.0.1:8554/live/demo/in: Connection refused")]
    [InlineData(WorkerFault.Writing, "[error] rtmp://127.0.0.1:1935/live/demo/out?user=worker&pass=***: Input/output error")]
    [InlineData(WorkerFault.Writing, "[error] av_interleaved_write_frame(): Broken pipe")]
    [InlineData(WorkerFault.Decoding, "[error] Error while decoding stream #0:0: Invalid data found when processing input")]
    [InlineData(WorkerFault.Encoding, "[libx264 @ 0x1] [error] Error setting preset/tune slower/x.")]
    [InlineData(WorkerFault.Unknown, "[error] Something else")]
    public void What_failed_is_told_with_the_first_error_of_its_last_moments(WorkerFault expected, string line)
    {
        WorkerExit exit = _exits.Classify(Ended(1), Lines("[h264 @ 0x1] [error] co located POCs unavailable", line, "[error] Conversion failed!"));
        Assert.Equal((expected, line), (exit.Fault, exit.Cause));
        Assert.Contains(line, exit.Reason, StringComparison.Ordinal);
        Assert.EndsWith(exit.Remedy!, exit.Reason, StringComparison.Ordinal);
        Assert.Equal(RetryHope.Soon, exit.Hope);
    }

    [Fact]
    public void Nothing_that_a_program_writes_decides_whether_it_is_tried_again() =>
        Assert.Equal(RetryHope.Soon, _exits.Classify(Ended(1), Lines("[flv @ 0x1] [error] Video codec hevc not compatible with flv", "No space left on device")).Hope);

    [Theory]
    [InlineData(126)]
    [InlineData(127)]
    public void A_program_that_cannot_be_executed_is_told_as_that(int code)
    {
        WorkerExit exit = _exits.Classify(Ended(code), Lines("setpriv: failed to execute /opt/worker: Exec format error"));
        Assert.Equal((WorkerExitKind.ProgramUnusable, WorkerFault.Starting, RetryHope.AfterRepair), (exit.Kind, exit.Fault, exit.Hope));
    }

    [Theory]
    [InlineData(24, "file handle")]
    [InlineData(11, "processes")]
    [InlineData(12, "memory")]
    [InlineData(28, "full")]
    public void A_start_that_the_machine_could_not_serve_is_the_machines_fault(int errno, string what)
    {
        WorkerExit exit = ExitClassifier.ClassifyUnstarted(new System.ComponentModel.Win32Exception(errno), "/usr/bin/ffmpeg");
        Assert.Equal((WorkerExitKind.MachineShort, WorkerFault.Machine, RetryHope.WhenMachineRecovers), (exit.Kind, exit.Fault, exit.Hope));
        Assert.Contains(what, exit.Reason, StringComparison.Ordinal);
    }

    private static EndedRun Ended(int code) => new("ffmpeg", code, TimeSpan.FromSeconds(1.5), false, "live/demo/in", "live/demo/out");

    private static WorkerLines Lines(params string[] lines)
    {
        WorkerLines kept = new(10, new SecretRedactor([]), TimeProvider.System);
        foreach (string line in lines)
        {
            kept.Add(line);
        }

        return kept;
    }
}

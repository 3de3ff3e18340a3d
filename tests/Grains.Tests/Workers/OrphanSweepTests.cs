using Microsoft.Extensions.Logging.Abstractions;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class OrphanSweepTests
{
    private static readonly WorkerRun Run = new(StreamId.Parse("sweep"), 1, new LiveSource("rtmpConn", "a", "", default), null);

    [Fact]
    public async Task A_worker_whose_silo_is_gone_is_ended_and_no_other()
    {
        string ours = RunMarker.Of(Run);
        string[] owner = ours.Split('/')[0].Split('.');
        string orphaned = $"{owner[0]}.{owner[1]}.{long.Parse(owner[2], System.Globalization.CultureInfo.InvariantCulture) + 1}/sweep/1";
        await using ChildProgram orphan = Start(orphaned);
        await using ChildProgram alive = Start(ours);
        await using ChildProgram elsewhere = Start("1234567.1.1/sweep/1");
        await using ChildProgram broken = Start("what is this");

        await new OrphanSweep(TimeProvider.System, NullLogger<OrphanSweep>.Instance).Run(TestContext.Current.CancellationToken);
        Assert.False(Processes.IsAlive(orphan.Pid));
        Assert.True(Processes.IsAlive(alive.Pid));
        Assert.True(Processes.IsAlive(elsewhere.Pid));
        Assert.True(Processes.IsAlive(broken.Pid));
    }

    private static ChildProgram Start(string marker) =>
        ChildProgram.Start(FakeWorker.Program, ["silent"], new Dictionary<string, string> { [RunMarker.Variable] = marker });
}

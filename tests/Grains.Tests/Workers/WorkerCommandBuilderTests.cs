using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

/// <summary>What becomes of a profile and the tracks of an input.</summary>
public sealed class WorkerCommandBuilderTests : IDisposable
{
    private static readonly WorkerRun Run = new(StreamId.Parse("demo"), 1, new LiveSource("rtmpConn", "a", "", default), null);

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Streams:Workers:DefaultProfile"] = "copy",
            ["Streams:Workers:Profiles:copy:Program"] = FakeWorker.Program,
            ["Streams:Workers:Profiles:copy:Outputs:0:Video:0"] = "H264",
        }).Build())
        .AddLogging()
        .AddStreams()
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("H264", true)]
    [InlineData("VP8", false)]
    public void The_inputs_tracks_are_kept_with_the_command_and_with_the_refusal(string codec, bool isTaken)
    {
        (WorkerCommand? command, WorkerExit? refusal) = _services.GetRequiredService<WorkerCommandBuilder>().Build(Run, new RunKey(), [codec]);

        Assert.Equal(isTaken, refusal is null);
        Assert.Equal([codec], command?.Tracks ?? refusal!.Tracks);
    }
}

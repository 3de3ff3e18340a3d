using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests;

/// <summary>Whether and how the output of a run is kept.</summary>
public sealed class KeptChoiceTests : IDisposable
{
    private static readonly WorkerRun Run = new(StreamId.Parse("demo"), 1, new LiveSource("rtmpConn", "a", "", default), null);
    private static readonly ImmutableArray<TrackDetails> Tracks =
        [new("H264") { Width = 320, Height = 180, Profile = "Main" }, new("MPEG-4 Audio") { SampleRate = 48_000, Channels = 1 }, new("KLV")];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"streams-choice-{Guid.NewGuid():N}");
    private readonly ServiceProvider _services;

    public KeptChoiceTests() => _services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Streams:Continuity:Mode"] = "Keep",
            ["Streams:Continuity:SlateFolder"] = _folder,
            ["Streams:Workers:DefaultProfile"] = "copy",
            ["Streams:Workers:Profiles:copy:Program"] = FakeWorker.Program,
            ["Streams:Workers:Profiles:copy:Outputs:0:Video:0"] = "H264",
            ["Streams:Workers:Profiles:copy:Outputs:0:Audio:0"] = "MPEG-4 Audio",
            ["Streams:Workers:Profiles:copy:Outputs:1:Kept"] = "true",
            ["Streams:Workers:Profiles:copy:Outputs:1:Video:0"] = "H264",
            ["Streams:Workers:Profiles:copy:Outputs:1:Audio:0"] = "MPEG-4 Audio",
            ["Streams:Workers:Profiles:copy:Outputs:1:Arguments:0"] = "{output.rtsp}",
            ["Streams:Workers:Profiles:copy:Outputs:2:Kept"] = "true",
            ["Streams:Workers:Profiles:copy:Outputs:2:Video:0"] = "H264",
            ["Streams:Workers:Profiles:copy:Outputs:2:Audio:0"] = "*",
            ["Streams:Workers:Profiles:copy:Outputs:2:Arguments:0"] = "{audio.rate}",
            ["Streams:Workers:Profiles:copy:Outputs:2:Arguments:1"] = "{audio.channels}",
            ["Streams:Workers:Profiles:copy:Outputs:2:Arguments:2"] = "{output.rtsp}",
            ["Streams:Workers:Profiles:dub:Program"] = FakeWorker.Program,
            ["Streams:Workers:Profiles:dub:Fallback"] = "copy",
            ["Streams:Workers:Profiles:dub:Outputs:0:Kept"] = "true",
            ["Streams:Workers:Profiles:dub:Outputs:0:Writes:SampleRate"] = "48000",
            ["Streams:Workers:Profiles:dub:Outputs:0:Writes:Channels"] = "2",
            ["Streams:Workers:Profiles:dub:Outputs:0:Video:0"] = "H264",
            ["Streams:Workers:Profiles:dub:Outputs:0:Audio:0"] = "*",
            ["Streams:Workers:Profiles:dub:Outputs:0:Arguments:0"] = "{output.rtsp}",
            ["Streams:Workers:Profiles:plain:Program"] = FakeWorker.Program,
            ["Streams:Workers:Profiles:plain:Outputs:0:Kept"] = "true",
            ["Streams:Workers:Profiles:plain:Outputs:0:Video:0"] = "H264",
            ["Streams:Workers:Profiles:plain:Outputs:0:Audio:0"] = "MPEG-4 Audio",
            ["Streams:Workers:Profiles:plain:Outputs:0:Arguments:0"] = "{output.rtsp}",
            ["Streams:Workers:Profiles:off:Program"] = FakeWorker.Program,
            ["Streams:Workers:Profiles:off:Continuity"] = "Off",
            ["Streams:Workers:Profiles:none:Program"] = FakeWorker.Program,
        }).Build())
        .AddLogging()
        .AddStreams()
        .BuildServiceProvider();

    private KeptChoice Choice => _services.GetRequiredService<KeptChoice>();

    public void Dispose()
    {
        _services.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_output_with_Kept_is_chosen_with_the_slate_of_its_tracks()
    {
        (KeptPick? pick, string? slate, StreamContinuity continuity) = await Choice.Find(Run, Tracks);
        Assert.Equal("{output.rtsp}", Assert.Single(pick!.Output.Arguments));
        Assert.Equal(Path.Combine(_folder, "streams-slate-1-h264-320x180-main-aac-48000-1.mp4"), slate);
        Assert.Equal(new StreamContinuity(ContinuityState.Kept), continuity);
    }

    [Fact]
    public async Task A_profile_may_say_that_its_outputs_are_not_kept() => Assert.Equal((null, null, StreamContinuity.Off), await Choice.Find(Run with { Profile = "off" }, Tracks));

    [Fact]
    public async Task A_profile_without_such_an_output_is_named_as_the_reason() =>
        Assert.Equal((null, null, new StreamContinuity(ContinuityState.Unavailable, "the profile has no output with Kept that carries H264 and MPEG-4 Audio and KLV")), await Choice.Find(Run with { Profile = "none" }, Tracks));

    [Fact]
    public async Task What_came_up_in_vain_is_not_tried_again_for_the_same_source()
    {
        Choice.Failed.Skip(Run);
        Assert.Equal(ContinuityState.Unavailable, (await Choice.Find(Run, Tracks)).Continuity.State);
        Assert.Equal(ContinuityState.Kept, (await Choice.Find(Run with { Source = Run.Source with { Id = "b" } }, Tracks)).Continuity.State);
    }

    [Fact]
    public async Task A_fallback_makes_the_sound_that_the_chosen_profile_writes()
    {
        WorkerRun fallback = Run with { Profile = "copy", InPlaceOf = "dub" };
        (KeptPick? pick, string? slate, StreamContinuity continuity) = await Choice.Find(fallback, Tracks);
        (WorkerCommand? command, WorkerExit? _) = _services.GetRequiredService<WorkerCommandBuilder>().Build(fallback, new RunKey(), [.. Tracks.Select(static track => track.Codec)], kept: pick);

        Assert.Equal(["48000", "2"], command!.Arguments.Take(2));
        Assert.Equal(new StreamContinuity(ContinuityState.Kept), continuity);
        Assert.Equal((await Choice.Find(Run with { Profile = "dub" }, Tracks)).Slate, slate);
    }

    [Fact]
    public async Task A_fallback_that_writes_other_tracks_says_so_and_what_to_do()
    {
        (KeptPick? pick, string? _, StreamContinuity continuity) = await Choice.Find(Run with { Profile = "plain", InPlaceOf = "dub" }, Tracks);

        Assert.NotNull(pick);
        Assert.Equal(ContinuityState.Kept, continuity.State);
        Assert.Equal(
            "The fallback 'plain' writes H264 320x180 Main and AAC 48000 Hz, 1 channels where 'dub' writes H264 320x180 Main and AAC 48000 Hz, 2 channels: readers connect anew at each change between them. "
                + "Give 'plain' an output with Kept and the placeholders {audio.rate} and {audio.channels}.",
            continuity.Reason);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("none")]
    [InlineData("gone")]
    public async Task A_fallback_has_nothing_to_match_where_the_chosen_profile_keeps_no_output(string chosen)
    {
        (KeptPick? pick, string? _, StreamContinuity continuity) = await Choice.Find(Run with { InPlaceOf = chosen }, Tracks);

        Assert.Equal("{output.rtsp}", Assert.Single(pick!.Output.Arguments));
        Assert.Equal(new StreamContinuity(ContinuityState.Kept), continuity);
    }

    [Fact]
    public async Task Without_known_tracks_nothing_is_kept() => Assert.Equal(ContinuityState.Unavailable, (await Choice.Find(Run, [])).Continuity.State);
}

using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class KeptOutputsTests : IDisposable
{
    private const string Slate = "/slates/streams-slate-1-h264-320x180-main.mp4";
    private const string Other = "/slates/streams-slate-1-h264-640x360-main.mp4";
    private static readonly StreamPath Output = new(StreamId.Parse("demo"), PathRole.Output);
    private readonly FakePaths _server = new();
    private readonly KeptOutputs _outputs;

    public KeptOutputsTests() => _outputs = Make();

    public void Dispose() => _server.Dispose();

    private Task<string?> Mismatch(string slate) => _outputs.FindMismatch(Output, slate, TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_output_is_added_once_and_found_again_by_the_next_silo()
    {
        Assert.Equal(new StreamContinuity(ContinuityState.Kept), await Open(_outputs));
        Assert.Equal(new StreamContinuity(ContinuityState.Kept), await Open(_outputs));
        Assert.Equal(new StreamContinuity(ContinuityState.Kept), await Open(Make()));
        Assert.Equal(["add live/demo/out streams-slate-1-h264-320x180-main.mp4"], _server.Changes);
    }

    [Fact]
    public async Task After_a_restart_of_the_media_server_it_is_added_again()
    {
        await Open(_outputs);
        _server.Files.Clear();
        Assert.Equal(ContinuityState.Kept, (await Open(_outputs)).State);
        Assert.Equal(2, _server.Changes.Count);
    }

    [Fact]
    public async Task A_standby_has_the_tracks_of_the_output_whatever_card_that_was_added_with()
    {
        Assert.Equal("live/demo/out is not kept", await Mismatch(Slate));
        await Open(_outputs, Slate.Replace(".mp4", "-card-0123456789abcdef.mp4", StringComparison.Ordinal));
        Assert.Null(await Mismatch(Slate));
        Assert.Equal("live/demo/out is kept with other tracks", await Mismatch(Other));
    }

    [Fact]
    public async Task For_other_tracks_it_is_made_anew_and_said_so()
    {
        await Open(_outputs);
        StreamContinuity opened = await Open(_outputs, Other);
        Assert.Equal(new StreamContinuity(ContinuityState.Kept, "Its tracks have changed (h264-320x180-main before, h264-640x360-main now): readers had to connect anew."), opened);
        Assert.Equal(["delete live/demo/out", "add live/demo/out streams-slate-1-h264-640x360-main.mp4"], _server.Changes.Skip(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/srv/holding-card.mp4")]
    public async Task What_somebody_else_has_configured_is_left_alone(string file)
    {
        _server.Files["live/demo/out"] = file;
        await AssertUnavailable("by somebody else");
    }

    [Fact]
    public async Task Whoever_publishes_it_is_not_dropped()
    {
        _server.Published = "live/demo/out";
        await AssertUnavailable("somebody publishes live/demo/out");
    }

    [Fact]
    public async Task A_version_that_cannot_tell_slate_from_worker_is_named()
    {
        _server.Version = "v1.18.2";
        await AssertUnavailable("MediaMTX v1.18.2 cannot keep outputs: v1.19.3 and later can");
    }

    [Fact]
    public async Task A_media_server_that_does_not_see_the_file_is_quoted()
    {
        _server.Refusal = "invalid 'alwaysAvailableFile': open /slates/x.mp4: no such file or directory";
        await AssertUnavailable(_server.Refusal);
    }

    [Fact]
    public async Task Only_ours_are_listed_and_those_of_other_silos_too()
    {
        _server.Files["live/a/out"] = Slate;
        _server.Files["live/b/out"] = "/srv/card.mp4";
        _server.Files["live/c/in"] = Slate;
        _server.Files["cam"] = "";
        Assert.Equal(["live/a/out"], (await _outputs.List(TestContext.Current.CancellationToken)).Select(static path => path.ToString()));
    }

    [Fact]
    public async Task One_that_is_published_is_not_removed()
    {
        await Open(_outputs);
        _server.Published = "live/demo/out";
        Assert.False(await _outputs.RemoveIdle(Output, TestContext.Current.CancellationToken));
        _server.Published = null;
        Assert.True(await _outputs.RemoveIdle(Output, TestContext.Current.CancellationToken));
        Assert.Empty(_server.Files);
        Assert.False(_outputs.HasAny);
    }

    private async Task AssertUnavailable(string reason)
    {
        StreamContinuity opened = await Open(_outputs);
        Assert.Equal(ContinuityState.Unavailable, opened.State);
        Assert.Contains(reason, opened.Reason, StringComparison.Ordinal);
        Assert.Empty(_server.Changes);
    }

    private static Task<StreamContinuity> Open(KeptOutputs outputs, string slate = Slate) => outputs.Open(Output, slate, TestContext.Current.CancellationToken);

    private KeptOutputs Make()
    {
        MediaMtxClient client = new(new HttpClient(_server, disposeHandler: false), new MediaNodes(Options.Create(new MediaOptions())).First);
        return new KeptOutputs(new PathConfigurations(client), client);
    }
}

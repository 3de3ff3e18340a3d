using System.Text.Json;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>The preview's player, with a stand-in for hls.js; <c>make verify</c> (SC-013) watches it with a real one.</summary>
public sealed class PreviewTests(PageSystem page) : PageTest(page)
{
    // Of hls.js it has what the player uses; each one that is made stands in "players".
    private const string FakeHls =
        """
        window.players = [];
        window.Hls = class {
          static Events = { MANIFEST_PARSED: 'parsed', LEVEL_UPDATED: 'updated', ERROR: 'error' };
          static ErrorTypes = { MEDIA_ERROR: 'mediaError' };
          static isSupported() { return true; }
          constructor(config) { Object.assign(this, { config, acts: {}, calls: [], liveSyncPosition: null }); players.push(this); }
          on(event, act) { this.acts[event] = data => act(event, data); }
          attachMedia() {}
          loadSource(url) { this.url = url; this.acts.parsed(); }
          recoverMediaError() { this.calls.push('recover'); }
          destroy() { this.calls.push('destroy'); }
          ask(url, timeout) {
            return new Promise(done => new this.config.loader().load({ url, responseType: 'text' }, { timeout }, {
              onSuccess: response => done(`${response.code} ${response.data}`), onError: error => done(`error ${error.code}`), onTimeout: () => done('timeout') }));
          }
        };
        """;

    [Fact]
    public async Task What_is_wrong_with_the_media_server_is_said_plainly_and_tried_again()
    {
        await using Visit visit = await Visit();
        string hls = Site.System.Media.HlsUrl.ToString().TrimEnd('/');
        await visit.Page.RouteAsync("**/hls.min.js", static route => route.AbortAsync());
        (IFrame frame, ILocator output) = await Open(visit);
        await Expect(output.FrameLocator("iframe").GetByRole(AriaRole.Status)).ToContainTextAsync($"No player at {hls}: MediaMTX’s HLS server is off, or out of reach from here.");
        await visit.Page.UnrouteAllAsync();
        await Serve(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        await Expect(output.FrameLocator("iframe").GetByRole(AriaRole.Status)).ToBeEmptyAsync();
        await output.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(output.Locator(".screen")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task The_player_has_an_origin_of_its_own_and_the_page_loads_its_stream_for_it_and_nothing_else()
    {
        await using Visit visit = await Visit();
        string hls = Site.System.Media.HlsUrl.ToString();
        await visit.Page.RouteAsync("**/*.m3u8", static route => route.FulfillAsync(new() { Body = "#EXTM3U", Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" } }));
        await Serve(visit);
        (IFrame frame, _) = await Open(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        Assert.Equal("null", await frame.EvaluateAsync<string>("() => self.origin"));
        string url = await frame.EvaluateAsync<string>("() => players[0].url");
        Assert.Matches($"^{hls}live/[^/]+/out/index.m3u8$", url);
        Assert.Equal("200 #EXTM3U", await Ask(frame, url));
        Assert.Equal("timeout", await Ask(frame, $"{hls}live/other/out/index.m3u8", 300));
        Assert.Equal("timeout", await Ask(frame, $"{Site.Url}/v1/streams", 300));
    }

    [Fact]
    public async Task A_player_whose_picture_stands_still_goes_to_where_the_stream_is()
    {
        await using Visit visit = await Visit();
        await Serve(visit);
        (IFrame frame, _) = await Open(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        await frame.EvaluateAsync("() => { const [player] = players; player.liveSyncPosition = 30; player.acts.updated({ details: { endSN: 7, lastPartSn: 8, lastPartIndex: 0, fragments: [] } }); }");
        await frame.WaitForFunctionAsync("() => document.getElementById('video').currentTime === 30");
    }

    [Fact]
    public async Task A_player_that_cannot_go_on_mends_its_media_first_and_begins_anew_after_that()
    {
        await using Visit visit = await Visit();
        await Serve(visit);
        (IFrame frame, ILocator output) = await Open(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        await frame.EvaluateAsync("() => players[0].acts.error({ fatal: false, type: 'networkError', details: 'levelLoadTimeOut' })");
        await frame.EvaluateAsync("() => players[0].acts.error({ fatal: true, type: 'mediaError', details: 'bufferAppendError' })");
        Assert.Equal(["recover"], await frame.EvaluateAsync<string[]>("() => players[0].calls"));
        await frame.EvaluateAsync("() => players.at(-1).acts.error({ fatal: true, type: 'networkError', details: 'manifestLoadError', response: { code: 404 } })");
        await Expect(output.FrameLocator("iframe").GetByRole(AriaRole.Status)).ToContainTextAsync("There is no stream to play.");
        await frame.WaitForFunctionAsync("() => players.length === 2");
        Assert.Equal(["recover", "destroy"], await frame.EvaluateAsync<string[]>("() => players[0].calls"));
        await Expect(output.FrameLocator("iframe").GetByRole(AriaRole.Status)).ToBeEmptyAsync();
    }

    [Fact]
    public async Task What_the_watch_wants_depends_on_the_picture_the_live_edge_and_the_playlist()
    {
        await using Visit visit = await Visit();
        await Serve(visit);
        (IFrame frame, _) = await Open(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        foreach ((string wanted, string change) in new[]
        {
            ("nothing", "{}"),
            ("nothing", "{ still: 30, flowing: 0 }"), // The stream itself is away.
            ("nothing", "{ still: 3, behind: null }"),
            ("nothing", "{ still: 0.6, behind: 0.4 }"), // A slow picture.
            ("nothing", "{ still: 0.4, behind: 2.9 }"), // hls.js plays faster by itself.
            ("seek", "{ still: 0.6, behind: 0.6 }"),
            ("seek", "{ still: 21, flowing: 0.2, behind: 20 }"),
            ("seek", "{ behind: 3 }"),
            ("seek", "{ stuck: true, behind: 0.3 }"), // What is to be seen next is there.
            ("nothing", "{ stuck: true, behind: 0.1 }"),
            ("nothing", "{ stuck: true, behind: null }"),
            ("nothing", "{ behind: 20, still: 21, waited: 0.9 }"),
            ("renew", "{ still: 10, flowing: 12 }"),
            ("renew", "{ still: 10, flowing: 12, behind: 5 }"),
            ("nothing", "{ still: 15, flowing: 17, renewals: 1 }"),
            ("renew", "{ still: 20, flowing: 22, renewals: 1 }"),
            ("renew", "{ still: 60, flowing: 61, renewals: 9 }"),
            ("renew", "{ still: 20, flowing: 0, unanswered: 10 }"),
        })
        {
            Assert.Equal((wanted, change), (await frame.EvaluateAsync<string>($"() => decideWatch({{ still: 0, stuck: false, behind: 0, flowing: 60, unanswered: 0, waited: 5, renewals: 0, ...{change} }})"), change));
        }
    }

    [Fact]
    public async Task Nobody_is_sent_into_a_part_that_an_interruption_made_long()
    {
        await using Visit visit = await Visit();
        await Serve(visit);
        (IFrame frame, _) = await Open(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        foreach ((string wanted, string live) in new[] { ("null", "9.1"), ("null", "9.5"), ("null", "14.8"), ("14.9", "14.9"), ("15.5", "15.5"), ("null", "null") })
        {
            string answer = await frame.EvaluateAsync<string>(
                $"() => String(livePosition({live}, [{{ start: 9, duration: 0.2 }}, {{ start: 9.2, duration: 5.7 }}, {{ start: 14.9, duration: 0.2 }}, {{ start: 15.1, duration: 0.2 }}]))");
            Assert.Equal((wanted, live), (answer, live));
        }

        Assert.Equal("3", await frame.EvaluateAsync<string>("() => String(livePosition(3, [{ start: 0, duration: 4 }, { start: 4, duration: 4 }]))"));
        Assert.Equal("12.05", await frame.EvaluateAsync<string>(
            "() => String(livePosition(10, [{ start: 9.5, duration: 0.25 }, { start: 9.75, duration: 1 }, { start: 10.75, duration: 0.25 }, { start: 11, duration: 1 }, { start: 12, duration: 0.25 }, { start: 12.25, duration: 0.25 }, { start: 12.5, duration: 0.25 }]))"));
        Assert.Equal("15.05", await frame.EvaluateAsync<string>(
            "() => String(livePosition(14, [{ start: 9, duration: 0.5 }, { start: 9.5, duration: 5.5 }, { start: 15, duration: 0.25 }, { start: 15.25, duration: 0.25 }]))"));
    }

    [Fact]
    public async Task A_playlist_with_an_interruption_in_it_says_the_usual_target_durations()
    {
        await using Visit visit = await Visit();
        await Serve(visit);
        (IFrame frame, _) = await Open(visit);
        await frame.WaitForFunctionAsync("() => window.players?.length === 1");
        const string Segments = "#EXTINF:1.00000,\na.mp4\n#EXTINF:22.43300,\nb.mp4\n#EXT-X-PART:DURATION=0.20000,URI=\"c.mp4\",INDEPENDENT=YES\n#EXT-X-PART:DURATION=21.43300,URI=\"d.mp4\"\n#EXT-X-PART:DURATION=0.23300,URI=\"e.mp4\"\n#EXTINF:1.00000,\nf.mp4\n";
        string tidy = await Tidy(frame, "#EXTM3U\n#EXT-X-TARGETDURATION:22\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=53.58250,CAN-SKIP-UNTIL=132.00000\n#EXT-X-PART-INF:PART-TARGET=21.43300\n" + Segments);
        Assert.Equal("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=132.00000\n#EXT-X-PART-INF:PART-TARGET=0.233\n" + Segments, tidy);
        foreach (string asIs in (string[])["#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo1_stream.m3u8\n", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.00000,\na.ts\n#EXTINF:1.96000,\nb.ts\n"])
        {
            Assert.Equal(asIs, await Tidy(frame, asIs));
        }
    }

    private static Task<string> Tidy(IFrame frame, string playlist) => frame.EvaluateAsync<string>($"() => tidyPlaylist({JsonSerializer.Serialize(playlist)})");

    private static Task<string> Ask(IFrame frame, string url, int timeout = 20_000) => frame.EvaluateAsync<string>($"() => players[0].ask({JsonSerializer.Serialize(url)}, {timeout})");

    private static async Task Serve(Visit visit) => await visit.Page.RouteAsync("**/hls.min.js", static route => route.FulfillAsync(new() { Body = FakeHls, ContentType = "application/javascript" }));

    private async Task<Visit> Visit()
    {
        Visit visit = await Site.Visit();
        visit.Expected.Add(Site.System.Media.HlsUrl.ToString());
        return visit;
    }

    private async Task<(IFrame Frame, ILocator Output)> Open(Visit visit)
    {
        string id = (await Site.Run(1, "look"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator output = visit.Page.Locator(".preview").Last;
        await output.GetByRole(AriaRole.Button).ClickAsync();
        IElementHandle frame = await output.Locator("iframe").ElementHandleAsync();
        return ((await frame.ContentFrameAsync())!, output);
    }
}

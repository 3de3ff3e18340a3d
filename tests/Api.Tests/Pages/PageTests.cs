using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Xunit;

namespace Streams.Api.Tests.Pages;

/// <summary>The pages as the server renders them. What a browser does with them is in tests/Page.Tests.</summary>
[Collection(ApiCollection.Name)]
public sealed partial class PageTests(ApiFixture api)
{
    private const string Hostile = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>";

    private readonly string _stream = FakeCluster.NewStream();

    [Fact]
    public async Task A_stream_is_shown_with_all_text_from_outside_encoded()
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream) with
        {
            Phase = StreamPhase.Failed,
            RetryAt = null,
            Profile = Hostile,
            LastReason = Hostile,
            LogTail = [Hostile, "</pre>" + Hostile],
            Input = new LiveSource(Hostile, Hostile, Hostile, DateTimeOffset.UnixEpoch) { RemoteAddress = Hostile },
            Contested = new InputContest(3, [Hostile]),
            InputPath = new PathView { Source = new LiveSource("x", "x", "", DateTimeOffset.UnixEpoch), Tracks = [Hostile] },
        });
        FakeCluster.Histories[_stream] = new StreamHistory
        {
            Entries = [new HistoryEntry(DateTimeOffset.UnixEpoch, "WorkerExited", EventOutcome.Applied, StreamPhase.Failed, 1) { Reason = Hostile, By = Hostile, SourceId = Hostile, RemoteAddress = Hostile, TraceId = Hostile }],
            Runs = [new RunRecord { Generation = 1, Exit = Hostile, Reason = Hostile, Command = Hostile, Log = [Hostile], Fault = WorkerFault.Unknown, Cause = Hostile, Remedy = Hostile, Tracks = [Hostile] }],
        };
        string page = await Get($"/streams/{_stream}", 200);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("</pre>&lt;script", page.Replace("&lt;/pre&gt;", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(EncodedHostile().Count(page) >= 24, $"The texts are shown: {EncodedHostile().Count(page)}.");
    }

    [Fact]
    public async Task What_is_wrong_with_a_stream_stands_on_its_page_with_what_to_do()
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.Troubled(_stream) with
        {
            LastReason = "ffmpeg failed. Look there.",
            InputPath = new PathView { Source = new LiveSource("rtmpConn", "x", "", DateTimeOffset.UnixEpoch), Tracks = ["H265", "Opus"] },
        });
        FakeCluster.Histories[_stream] = new StreamHistory
        {
            Runs = [new RunRecord { Generation = 3, Exit = "Failed", Reason = "ffmpeg failed. Look there.", Fault = WorkerFault.Writing, Cause = "[flv @ 0x1] no", Remedy = "Look there.", Tracks = ["H265", "Opus"] }],
        };
        string page = Words(await Get($"/streams/{_stream}", 200));
        Assert.Contains("Failed. It is tried again at 2026-11-22 12:00:00 , as long as somebody publishes; a new publisher or a restart tries at once.", page, StringComparison.Ordinal);
        Assert.Contains("What failed writing the output (run 3, Failed) Why [flv @ 0x1] no What to do Look there. Its input H265, Opus", page, StringComparison.Ordinal);
        Assert.Contains("Contested. Publishers took the input over from each other 4 times within 30 s: 192.0.2.7:5001 , 192.0.2.8:5002 . Let only one of them publish.", page, StringComparison.Ordinal);
        Assert.Contains("Slow: 0.62× since 2026-11-22 12:00:00", page, StringComparison.Ordinal);
        Assert.Contains("Choose a lighter profile, or run fewer streams on this machine, or ask the publisher", page, StringComparison.Ordinal);
        Assert.Contains("rtmpConn from 192.0.2.7:5001 since", page, StringComparison.Ordinal);
        Assert.Contains("Input's tracks H265, Opus", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CodecUnsupported", "It is not tried again, since that cannot help: another publisher, another profile or a restart does.")]
    [InlineData("ProgramMissing", "It is not tried again by itself ( Streams:Retry:FailedEvery is 0): a new publisher or a restart tries at once.")]
    public async Task A_failed_stream_that_is_not_tried_again_says_why_not(string exit, string expected)
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.Troubled(_stream) with { RetryAt = null });
        FakeCluster.Histories[_stream] = new StreamHistory { Runs = [new RunRecord { Generation = 3, Exit = exit, Reason = "It broke.", Fault = WorkerFault.Starting }] };
        Assert.Contains(expected, Words(await Get($"/streams/{_stream}", 200)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_tried_again_is_still_down()
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.Troubled(_stream) with { Phase = StreamPhase.Starting, RetryAt = null });
        Assert.Contains("Down since 2026-11-22 12:00:00 . It is being tried again. It broke.", Words(await Get($"/streams/{_stream}", 200)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_MediaMTX_pulls_has_no_id_to_show()
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream) with { Input = new LiveSource("rtspSource", "rtspSource", "", DateTimeOffset.UnixEpoch) });
        Assert.Contains("Input rtspSource, which MediaMTX pulls, since 1970-01-01 00:00:00 Input's query", Words(await Get($"/streams/{_stream}", 200)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_searched_for_stands_in_the_field_and_nowhere_else()
    {
        string page = await Get("/?phase=%22%3E%3Cscript%3E&q=" + Uri.EscapeDataString(Hostile), 200);
        Assert.Single(Script().Matches(page));
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_inline_is_in_a_page_and_its_policy_admits_none()
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));
        FakeCluster.Histories[_stream] = new StreamHistory();
        foreach (string url in (string[])["/", $"/streams/{_stream}", $"/streams/{_stream}/stop", "/streams/none"])
        {
            using HttpResponseMessage answer = await api.Http.GetAsync(new Uri(url, UriKind.Relative));
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' http://127.0.0.1:8888; "
                + "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                policy);
            string page = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotMatch("(?i)<style|<script(?![^>]* src=)|\\son[a-z]+=|\\sstyle=|javascript:", page);
        }
    }

    [Fact]
    public async Task The_previews_player_runs_in_a_sandbox_and_nobody_else_may_frame_it()
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri($"/streams/{_stream}/preview/out?node=default", UriKind.Relative));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("SAMEORIGIN", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Matches(
            "^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+' http://127\\.0\\.0\\.1:8888; media-src blob: http://127\\.0\\.0\\.1:8888; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts$",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        string page = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"data-stream=\"http://127.0.0.1:8888/live/{_stream}/out/\"", page, StringComparison.Ordinal);
        foreach (string none in (string[])[$"/streams/{_stream}/preview/out", $"/streams/{_stream}/preview/out?node=other", $"/streams/{_stream}/preview/up?node=default", "/streams/a%20b/preview/out?node=default"])
        {
            using HttpResponseMessage refused = await api.Http.GetAsync(new Uri(none, UriKind.Relative));
            Assert.Equal(404, (int)refused.StatusCode);
        }
    }

    [Fact]
    public async Task What_the_audience_got_is_a_drawing_with_a_sentence_a_key_and_a_table()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream) with
        {
            Continuity = new StreamContinuity(ContinuityState.Kept, "Its tracks have changed."),
            Audience = new StreamAudience(now.AddMinutes(-50), 2, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(90)),
            Day = [new(now.AddMinutes(-50), OutputShows.Live), new(now.AddMinutes(-20), OutputShows.Slate), new(now.AddMinutes(-18), OutputShows.Live)],
        });
        string page = await Get($"/streams/{_stream}", 200);
        Assert.Matches("<svg[^>]* role=\"img\" aria-label=\"the last hour: live 48 min 00 s, slate 2 min 00 s\"", page);
        Assert.Matches("<rect class=\"shows\" data-shows=\"Slate\"[^>]* height=\"16\"", page);
        Assert.Matches("<title data-words=\"slate for 2 min 00 s\" data-from=\"[0-9TZ:.-]+\" data-to=\"[0-9TZ:.-]+\">slate for 2 min 00 s, .* UTC</title>", page);
        string words = Words(page);
        Assert.Contains("The audience got For", words, StringComparison.Ordinal);
        Assert.Contains("Audience stays connected while no worker publishes. Its tracks have changed.", words, StringComparison.Ordinal);
        Assert.Contains("Interruptions 2 in this broadcast, 120.0 s together, the longest 90.0 s", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_stream_is_a_page_with_404_and_a_bad_id_one_with_422()
    {
        string unknown = await Get($"/streams/{_stream}", 404);
        Assert.Contains("There is no such stream.", unknown, StringComparison.Ordinal);
        Assert.Contains($"href=\"/streams/{_stream}/profile\"", unknown, StringComparison.Ordinal);
        Assert.Contains("A stream id must match", await Get("/streams/a.b", 422), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_a_page_with_503()
    {
        FakeCluster.Statuses[_stream] = static () => new TaskCompletionSource<StreamStatus?>().Task;
        Assert.Contains("The service cannot answer now.", await Get($"/streams/{_stream}", 503), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parts_of_a_page_are_kept_by_the_browser_and_change_their_address_with_their_content()
    {
        string page = await Get("/", 200);
        string[] parts = [.. Part().Matches(page).Select(static match => match.Value)];
        Assert.Equal(3, parts.Length);
        foreach (string part in parts)
        {
            using HttpResponseMessage answer = await api.Http.GetAsync(new Uri(part, UriKind.Relative));
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        }

        string other = parts[0].Replace("/assets/", "/assets/0", StringComparison.Ordinal);
        using HttpResponseMessage gone = await api.Http.GetAsync(new Uri(other, UriKind.Relative));
        Assert.Equal(404, (int)gone.StatusCode);
        using HttpResponseMessage never = await api.Http.GetAsync(new Uri(part0Folder(parts[0]) + "/..%2fappsettings.json", UriKind.Relative));
        Assert.Equal(404, (int)never.StatusCode);

        static string part0Folder(string url) => url[..url.LastIndexOf('/')];
    }

    /// <summary>What somebody reads.</summary>
    private static string Words(string page) => WebUtility.HtmlDecode(Space().Replace(Tag().Replace(page, " "), " "));

    private async Task<string> Get(string url, int status)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        using HttpResponseMessage answer = await api.Http.SendAsync(request);
        string page = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{status} was expected, {(int)answer.StatusCode} came: {page}");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return page;
    }

    [GeneratedRegex("&lt;script&gt;alert")]
    private static partial Regex EncodedHostile();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("<script")]
    private static partial Regex Script();

    [GeneratedRegex("/assets/[0-9a-f]+/[a-z.]+")]
    private static partial Regex Part();
}

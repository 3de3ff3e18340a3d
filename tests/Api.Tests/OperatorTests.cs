using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>Commands, history, runs and logs of streams.</summary>
[Collection(ApiCollection.Name)]
public sealed class OperatorTests(ApiFixture api)
{
    private readonly string _stream = FakeCluster.NewStream();

    [Theory]
    [InlineData("stop", "Stop")]
    [InlineData("resume", "Resume")]
    [InlineData("restart", "Restart")]
    public async Task A_command_reaches_the_stream_and_its_status_is_the_answer(string command, string expected)
    {
        Know();
        using HttpResponseMessage answer = await Post(command);
        Assert.Equal(200, (int)answer.StatusCode);
        JsonElement status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(_stream, status.GetProperty("streamId").GetString());
        Assert.Equal(expected, Assert.Single(FakeCluster.Orders[_stream]).Order);
    }

    [Fact]
    public async Task A_command_belongs_to_the_trace_of_its_request()
    {
        Know();
        using HttpResponseMessage answer = await Post("stop", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", Assert.Single(FakeCluster.Orders[_stream]).Origin.TraceParent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"profile":"dub-es"}""", "Profile dub-es")]
    [InlineData("""{"profile":null}""", "Profile of the configuration")]
    public async Task A_profile_is_chosen(string body, string expected)
    {
        Know();
        using HttpResponseMessage answer = await Put(body);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(expected, Assert.Single(FakeCluster.Orders[_stream]).Order);
    }

    [Theory]
    [InlineData("""{"standby":"Hot"}""", "Standby Hot")]
    [InlineData("""{"standby":"None"}""", "Standby None")]
    [InlineData("""{"standby":null}""", "Standby of the profile")]
    public async Task A_standby_is_chosen(string body, string expected)
    {
        Know();
        using HttpResponseMessage answer = await Put(body, what: "standby");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(expected, Assert.Single(FakeCluster.Orders[_stream]).Order);
    }

    [Theory]
    [InlineData("""{"standby":"hot"}""", 409)]
    [InlineData("""{"standby":"1"}""", 409)]
    [InlineData("""{"standby":1}""", 400)]
    [InlineData("{}", 400)]
    public async Task A_standby_that_there_is_not_is_refused_and_changes_nothing(string body, int status)
    {
        Know();
        using HttpResponseMessage answer = await Put(body, what: "standby");
        JsonElement problem = await ApiFixture.Problem(answer, status);
        Assert.True(status == 400 || problem.GetProperty("detail").GetString()!.EndsWith("there are: None, Hot.", StringComparison.Ordinal), problem.ToString());
        Assert.False(FakeCluster.Orders.ContainsKey(_stream));
    }

    [Fact]
    public async Task A_profile_is_chosen_before_the_first_publish()
    {
        FakeCluster.Receipts[_stream] = new CommandReceipt(StreamsTests.FullStatus(_stream) with { Phase = StreamPhase.Offline, Profile = "dub-es" });
        using HttpResponseMessage answer = await Put("""{"profile":"dub-es"}""");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("dub-es", JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("profile").GetString());
    }

    [Fact]
    public async Task An_unknown_profile_for_a_stream_that_was_never_seen_is_409_with_the_profiles_there_are()
    {
        FakeCluster.Receipts[_stream] = new CommandReceipt(null, "There is no worker profile 'x'; there are: passthrough.");
        using HttpResponseMessage answer = await Put("""{"profile":"x"}""");
        JsonElement problem = await ApiFixture.Problem(answer, 409);
        Assert.Equal("There is no worker profile 'x'; there are: passthrough.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_default_profile_for_a_stream_that_was_never_seen_is_404()
    {
        using HttpResponseMessage answer = await Put("""{"profile":null}""");
        await ApiFixture.Problem(answer, 404);
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("{}", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("""{"profile":7}""", "application/json", 400)]
    [InlineData("""{"profile":"x"}""", "text/plain", 415)]
    public async Task A_choice_that_cannot_be_read_is_refused_and_changes_nothing(string body, string type, int status)
    {
        Know();
        using HttpResponseMessage answer = await Put(body, type);
        await ApiFixture.Problem(answer, status);
        Assert.False(FakeCluster.Orders.ContainsKey(_stream));
    }

    [Fact]
    public async Task A_command_that_makes_no_sense_now_is_409_with_the_reason()
    {
        Know();
        FakeCluster.Refusals[_stream] = "The stream is not stopped.";
        using HttpResponseMessage answer = await Post("resume");
        JsonElement problem = await ApiFixture.Problem(answer, 409);
        Assert.Equal("The stream is not stopped.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task A_command_from_another_site_is_403_and_does_nothing(string header, string value)
    {
        Know();
        using HttpResponseMessage answer = await Post("stop", header, value);
        await ApiFixture.Problem(answer, 403);
        Assert.False(FakeCluster.Orders.ContainsKey(_stream));
    }

    [Fact]
    public async Task A_command_from_a_page_of_this_service_is_taken()
    {
        Know();
        using HttpResponseMessage answer = await Post("stop", "Sec-Fetch-Site", "same-origin");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("resume")]
    [InlineData("restart")]
    public async Task A_command_to_an_unknown_stream_is_404_and_to_a_bad_id_422(string command)
    {
        using HttpResponseMessage unknown = await Post(command);
        await ApiFixture.Problem(unknown, 404);
        using HttpResponseMessage bad = await api.Http.PostAsync(new Uri($"/v1/streams/a.b/{command}", UriKind.Relative), null);
        await ApiFixture.Problem(bad, 422);
    }

    [Fact]
    public async Task The_history_and_the_runs_are_shown_with_their_reasons()
    {
        DateTimeOffset at = new(2026, 11, 22, 13, 0, 0, TimeSpan.FromHours(1));
        FakeCluster.Histories[_stream] = new StreamHistory
        {
            Entries = [new HistoryEntry(at, "WorkerExited", EventOutcome.Applied, StreamPhase.Backoff, 1) { Reason = "killed" }],
            Runs = [new RunRecord { Generation = 1, Exit = "Killed", Reason = "killed", Signal = 9, Pid = 7, EndedAt = at, Command = "ffmpeg -i x", Log = ["last words"] }],
        };
        Assert.Equal(
            """{"entries":[{"at":"2026-11-22T12:00:00+00:00","what":"WorkerExited","outcome":"Applied","phase":"Backoff","generation":1,"reason":"killed"}]}""",
            await api.Http.GetStringAsync(new Uri($"/v1/streams/{_stream}/history", UriKind.Relative)));
        Assert.Equal(
            """{"runs":[{"generation":1,"command":"ffmpeg -i x","pid":7,"endedAt":"2026-11-22T12:00:00+00:00","exit":"Killed","signal":9,"reason":"killed","tracks":[],"log":["last words"]}]}""",
            await api.Http.GetStringAsync(new Uri($"/v1/streams/{_stream}/runs", UriKind.Relative)));
    }

    [Fact]
    public async Task A_failed_run_says_what_failed_and_why_and_what_to_do_and_a_source_from_where_it_came()
    {
        DateTimeOffset at = new(2026, 11, 22, 13, 0, 0, TimeSpan.FromHours(1));
        FakeCluster.Histories[_stream] = new StreamHistory
        {
            Entries = [new HistoryEntry(at, "InputReady", EventOutcome.Applied, StreamPhase.Starting, 1) { SourceId = "x", RemoteAddress = "192.0.2.7:5001" }],
            Runs = [new RunRecord { Generation = 1, Exit = "Failed", Reason = "failed", Fault = WorkerFault.Writing, Cause = "[flv @ 0x1] no", Remedy = "Look there.", Tracks = ["H264", "G711"] }],
        };
        JsonElement entry = JsonElement.Parse(await api.Http.GetStringAsync(new Uri($"/v1/streams/{_stream}/history", UriKind.Relative))).GetProperty("entries")[0];
        Assert.Equal("192.0.2.7:5001", entry.GetProperty("remoteAddress").GetString());
        JsonElement run = JsonElement.Parse(await api.Http.GetStringAsync(new Uri($"/v1/streams/{_stream}/runs", UriKind.Relative))).GetProperty("runs")[0];
        Assert.Equal("Writing", run.GetProperty("fault").GetString());
        Assert.Equal("[flv @ 0x1] no", run.GetProperty("cause").GetString());
        Assert.Equal("Look there.", run.GetProperty("remedy").GetString());
        Assert.Equal("""["H264","G711"]""", run.GetProperty("tracks").GetRawText());
    }

    [Fact]
    public async Task The_log_of_a_run_is_shown_for_the_living_and_for_the_ended()
    {
        Know();
        FakeCluster.Histories[_stream] = new StreamHistory { Runs = [new RunRecord { Generation = 1, Exit = "Killed", Reason = "killed", Log = ["last", "words"] }] };
        Assert.Equal("last\nwords\n", await Log("1"));
        Assert.Equal("one\ntwo\n", await Log("3"));
        using HttpResponseMessage unknown = await api.Http.GetAsync(LogOf("2"));
        await ApiFixture.Problem(unknown, 404);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_run_that_cannot_be_is_422(string generation)
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(LogOf(generation));
        await ApiFixture.Problem(answer, 422);
    }

    [Theory]
    [InlineData("history")]
    [InlineData("runs")]
    [InlineData("runs/1/log")]
    public async Task The_past_of_an_unknown_stream_is_404_and_of_a_bad_id_422(string what)
    {
        using HttpResponseMessage unknown = await api.Http.GetAsync(new Uri($"/v1/streams/{_stream}/{what}", UriKind.Relative));
        await ApiFixture.Problem(unknown, 404);
        using HttpResponseMessage bad = await api.Http.GetAsync(new Uri($"/v1/streams/a.b/{what}", UriKind.Relative));
        await ApiFixture.Problem(bad, 422);
    }

    private Uri LogOf(string generation) => new($"/v1/streams/{_stream}/runs/{generation}/log", UriKind.Relative);

    private Task<string> Log(string generation) => api.Http.GetStringAsync(LogOf(generation));

    private void Know() => FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));

    private async Task<HttpResponseMessage> Put(string body, string type = "application/json", string what = "profile")
    {
        using StringContent content = new(body, null, type);
        return await api.Http.PutAsync(new Uri($"/v1/streams/{_stream}/{what}", UriKind.Relative), content);
    }

    private async Task<HttpResponseMessage> Post(string command, string? header = null, string? value = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"/v1/streams/{_stream}/{command}", UriKind.Relative));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await api.Http.SendAsync(request);
    }
}

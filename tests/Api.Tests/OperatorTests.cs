using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>Commands, and the look back.</summary>
[Collection(ApiCollection.Name)]
public sealed class OperatorTests(ApiFixture api)
{
    private readonly string _stream = Cluster.NewStream();

    [Theory]
    [InlineData("stop", false, true, StreamCommand.Stop)]
    [InlineData("stop", true, true, StreamCommand.Stop)]
    [InlineData("resume", true, true, StreamCommand.Resume)]
    [InlineData("restart", false, true, StreamCommand.Restart)]
    public async Task A_command_reaches_the_stream_and_its_status_is_the_answer(string command, bool isHeld, bool isLive, StreamCommand expected)
    {
        Know(isHeld, isLive);
        using HttpResponseMessage answer = await Post(command);
        Assert.Equal(200, (int)answer.StatusCode);
        JsonElement status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((_stream, isHeld), (status.GetProperty("streamId").GetString(), status.GetProperty("isHeld").GetBoolean()));
        Assert.Equal([expected], Cluster.Commands[_stream]);
    }

    [Theory]
    [InlineData("resume", false, true, "not stopped")]
    [InlineData("restart", false, false, "Nobody publishes")]
    public async Task A_command_that_makes_no_sense_now_is_409_with_the_reason(string command, bool isHeld, bool isLive, string reason)
    {
        Know(isHeld, isLive);
        using HttpResponseMessage answer = await Post(command);
        JsonElement problem = await ApiFixture.Problem(answer, 409);
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(Cluster.Commands.ContainsKey(_stream));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task A_command_from_another_site_is_403_and_does_nothing(string header, string value)
    {
        Know(isHeld: false, isLive: true);
        using HttpResponseMessage answer = await Post("stop", header, value);
        await ApiFixture.Problem(answer, 403);
        Assert.False(Cluster.Commands.ContainsKey(_stream));
    }

    [Fact]
    public async Task A_command_from_a_page_of_this_service_is_taken()
    {
        Know(isHeld: false, isLive: true);
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
        Cluster.Histories[_stream] = new StreamHistory
        {
            Entries = [new HistoryEntry(at, "WorkerExited", EventOutcome.Applied, StreamPhase.Backoff, 1) { Reason = "killed" }],
            Runs = [new RunRecord { Generation = 1, Exit = "Killed", Reason = "killed", Signal = 9, Pid = 7, EndedAt = at, Command = "ffmpeg -i x", Log = ["last words"] }],
        };
        Assert.Equal(
            """{"entries":[{"at":"2026-11-22T12:00:00+00:00","what":"WorkerExited","outcome":"Applied","phase":"Backoff","generation":1,"reason":"killed"}]}""",
            await api.Http.GetStringAsync(new Uri($"/v1/streams/{_stream}/history", UriKind.Relative)));
        Assert.Equal(
            """{"runs":[{"generation":1,"command":"ffmpeg -i x","pid":7,"endedAt":"2026-11-22T12:00:00+00:00","exit":"Killed","signal":9,"reason":"killed","log":["last words"]}]}""",
            await api.Http.GetStringAsync(new Uri($"/v1/streams/{_stream}/runs", UriKind.Relative)));
    }

    [Theory]
    [InlineData("history")]
    [InlineData("runs")]
    public async Task The_past_of_an_unknown_stream_is_404_and_of_a_bad_id_422(string what)
    {
        using HttpResponseMessage unknown = await api.Http.GetAsync(new Uri($"/v1/streams/{_stream}/{what}", UriKind.Relative));
        await ApiFixture.Problem(unknown, 404);
        using HttpResponseMessage bad = await api.Http.GetAsync(new Uri($"/v1/streams/a.b/{what}", UriKind.Relative));
        await ApiFixture.Problem(bad, 422);
    }

    private void Know(bool isHeld, bool isLive)
    {
        StreamStatus status = new()
        {
            StreamId = StreamId.Parse(_stream),
            Order = isHeld || !isLive ? StreamOrder.Stop : StreamOrder.Run,
            Phase = StreamPhase.Offline,
            Since = default,
            Generation = 1,
            Profile = "passthrough",
            IsHeld = isHeld,
            Input = isLive ? new LiveSource("rtmpConn", "a", "", default) : null,
        };
        Cluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(status);
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

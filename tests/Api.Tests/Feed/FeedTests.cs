using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>The feed over real connections.</summary>
[Collection(ApiCollection.Name)]
public sealed class FeedTests(ApiFixture api)
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly string _stream = FakeCluster.NewStream();

    [Fact]
    public async Task A_client_gets_all_that_is_and_then_what_happens_as_it_happens()
    {
        await using FeedClient client = await FeedClient.Open(api.Http);
        Assert.Equal("snapshot", (await client.Next()).Name);

        Publish(Status(StreamPhase.Running, 3), Progress(3), Entry());
        (string name, JsonElement stream) = await client.Next();
        Assert.Equal(("stream", _stream, "Running", 3), (name, stream.GetProperty("streamId").GetString(), stream.GetProperty("phase").GetString(), stream.GetProperty("generation").GetInt32()));
        (name, JsonElement progress) = await client.Next();
        Assert.Equal(("progress", _stream, 75), (name, progress.GetProperty("streamId").GetString(), progress.GetProperty("progress").GetProperty("frames").GetInt32()));
        (name, JsonElement history) = await client.Next();
        Assert.Equal(("history", "killed"), (name, history.GetProperty("entry").GetProperty("reason").GetString()));

        await using FeedClient late = await FeedClient.Open(api.Http);
        JsonElement found = (await late.Next()).Data.GetProperty("streams").EnumerateArray().Single(row => row.GetProperty("streamId").GetString() == _stream);
        Assert.Equal(75, found.GetProperty("frames").GetInt32());
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        string lastEventId;
        await using (FeedClient client = await FeedClient.Open(api.Http))
        {
            await client.Next();
            Publish(Status(StreamPhase.Starting, 1));
            await client.Next();
            lastEventId = client.LastEventId;
        }

        Publish(Status(StreamPhase.Running, 1));
        await using FeedClient witness = await FeedClient.Open(api.Http, lastEventId: lastEventId);
        Assert.Equal(("stream", "Running"), await NextPhase(witness));
        await using FeedClient back = await FeedClient.Open(api.Http, lastEventId: lastEventId);
        Assert.Equal(("stream", "Running"), await NextPhase(back));
        Publish(Status(StreamPhase.Stopping, 1));
        Assert.Equal(("stream", "Stopping"), await NextPhase(back));
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef-1")]
    [InlineData("nonsense")]
    [InlineData("-")]
    [InlineData("0123456789abcdef0123456789abcdef-99999999999999999999999")]
    public async Task A_client_with_an_id_that_is_unknown_begins_with_all_that_is(string lastEventId)
    {
        await using FeedClient client = await FeedClient.Open(api.Http, lastEventId: lastEventId);
        Assert.Equal("snapshot", (await client.Next()).Name);
    }

    [Fact]
    public async Task The_feed_of_one_stream_tells_of_no_other()
    {
        await using FeedClient client = await FeedClient.Open(api.Http, $"/v1/streams/{_stream}/feed");
        Assert.Empty((await client.Next()).Data.GetProperty("streams").EnumerateArray());
        string other = FakeCluster.NewStream();
        Publish(new FeedItem(StreamId.Parse(other), 1, At) { Status = StreamsTests.FullStatus(other) }, Status(StreamPhase.Running, 3));
        Assert.Equal(_stream, (await client.Next()).Data.GetProperty("streamId").GetString());
    }

    [Fact]
    public async Task A_feed_that_begins_anew_tells_every_client_all_that_is()
    {
        await using FeedClient client = await FeedClient.Open(api.Http);
        await client.Next();
        string before = client.LastEventId;
        FakeCluster.FeedStart = [Status(StreamPhase.Running, 5)];
        FakeCluster.FeedEpoch = Guid.NewGuid();
        Publish(); // Ends the wait of the former life.
        (string name, JsonElement data) = await client.Next();
        Assert.Equal("snapshot", name);
        Assert.Equal(_stream, Assert.Single(data.GetProperty("streams").EnumerateArray()).GetProperty("streamId").GetString());
        await using FeedClient back = await FeedClient.Open(api.Http, lastEventId: before);
        Assert.Equal("snapshot", (await back.Next()).Name);
    }

    [Fact]
    public async Task Over_the_limit_clients_are_503_and_those_that_go_make_room()
    {
        List<HttpResponseMessage> clients = [];
        HttpResponseMessage last;
        while ((last = await FeedClient.Send(api.Http, "/v1/feed")).IsSuccessStatusCode && clients.Count < 30)
        {
            clients.Add(last);
        }

        await ApiFixture.Problem(last, 503);
        clients.ForEach(static client => client.Dispose());
        await Eventually.Get(Ask, static isIn => isIn, "room for a client");

        async Task<bool> Ask()
        {
            using HttpResponseMessage answer = await FeedClient.Send(api.Http, "/v1/feed");
            return answer.IsSuccessStatusCode;
        }
    }

    [Fact]
    public async Task A_bad_id_is_422()
    {
        using HttpResponseMessage answer = await FeedClient.Send(api.Http, "/v1/streams/a.b/feed");
        await ApiFixture.Problem(answer, 422);
    }

    private static void Publish(params FeedItem[] items) => FakeCluster.Feed.Writer.TryWrite([.. items]);

    private static async Task<(string Name, string? Phase)> NextPhase(FeedClient client)
    {
        (string name, JsonElement data) = await client.Next();
        return (name, data.GetProperty("phase").GetString());
    }

    private FeedItem Status(StreamPhase phase, long generation) =>
        new(StreamId.Parse(_stream), generation, At) { Status = StreamsTests.FullStatus(_stream) with { Phase = phase, Generation = generation } };

    private FeedItem Progress(long generation) =>
        new(StreamId.Parse(_stream), generation, At) { Progress = new WorkerProgress { Frames = 75, Fps = 25, At = At } };

    private FeedItem Entry() =>
        new(StreamId.Parse(_stream), 3, At) { Entry = new HistoryEntry(At, "WorkerExited", EventOutcome.Applied, StreamPhase.Backoff, 3) { Reason = "killed" } };
}

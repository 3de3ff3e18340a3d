using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Logging;
using Streams.Api.MediaMtxAuth;
using Streams.Api.Tests.Access;
using Streams.Api.Tests.MediaMtxAuth;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Door;

/// <summary>Bounds of what anonymous requests can make grow.</summary>
[Collection(ApiCollection.Name)]
public sealed class BoundTests(ApiFixture fixture)
{
    private static readonly Dictionary<string, string?> Keys = new(MediaQuestions.Keys) { ["Streams:MediaAuth:FailuresPerMinute"] = "10" };

    [Fact]
    public async Task Guesses_of_a_publish_key_are_429_after_ten_whatever_the_path_and_the_log_is_bounded()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        List<int> statuses = [];
        for (int number = 0; number < 2_000; number++)
        {
            statuses.Add(await MediaQuestions.Ask(api, "publish", $"live/guess-{number}/in", "not-the-key-of-any", ip: "10.0.0.9"));
        }

        Assert.All(statuses[..10], static status => Assert.Equal(401, status));
        Assert.All(statuses[10..], static status => Assert.Equal(429, status));
        Assert.Equal(429, await MediaQuestions.Ask(api, "publish", "live/demo/in", MediaQuestions.Key, ip: "10.0.0.9"));
        Assert.Equal(204, await MediaQuestions.Ask(api, "publish", "live/demo/in", MediaQuestions.Key, ip: "10.0.0.8"));
        Assert.InRange(api.Logs.Lines.Count(static line => line.Id == 1731), 1, RefusalLog.PerMinute);
    }

    [Fact]
    public async Task Guesses_that_come_at_once_are_counted_one_by_one()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => MediaQuestions.Ask(api, "publish", $"live/guess-{number}/out", "no-key", ip: "10.0.0.9")));
        Assert.Equal((10, 190), (statuses.Count(static status => status == 401), statuses.Count(static status => status == 429)));
    }

    [Fact]
    public async Task A_publisher_that_repeats_its_old_key_locks_out_nobody_behind_the_same_router()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(i < 10 ? 401 : 429, await MediaQuestions.Ask(api, "publish", "live/forgotten/in", "key-of-last-year", ip: "10.0.0.9"));
        }

        Assert.Equal(204, await MediaQuestions.Ask(api, "publish", "live/demo/in", MediaQuestions.Key, ip: "10.0.0.9"));
    }

    [Fact]
    public async Task Refusals_from_many_addresses_are_twenty_lines_a_minute_and_one_that_counts_the_rest()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        for (int number = 0; number < 300; number++)
        {
            Assert.Equal(401, await MediaQuestions.Ask(api, "publish", "live/demo/in", "not-the-key", ip: $"10.0.{number / 250}.{number % 250}"));
            Assert.Equal(401, await MediaQuestions.Ask(api, "publish", "live/demo/in", "", ip: $"10.0.{number / 250}.{number % 250}"));
        }

        Assert.Equal(2 * RefusalLog.PerMinute, api.Logs.Lines.Count(static line => line.Id == 1731));
        await api.DisposeAsync();
        Assert.Equal(["MediaAsked 280", "MediaRefused 280"], api.Logs.Lines.Where(static line => line.Id == 1741).Select(static line => $"{line.Fields["Kind"]} {line.Fields["Count"]}").Order());
    }

    [Fact]
    public async Task Reading_what_is_open_with_any_password_is_not_remembered_and_right_keys_only_as_far_as_there_are_places()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys, change: static builder => builder.Logging.ClearProviders());
        MediaAuthenticator authenticator = api.Service<MediaAuthenticator>();
        await AskAboutStreams(api, 5_000, "read", "out", "y");
        Assert.Equal((0, 0), authenticator.Remembered);
        await AskAboutStreams(api, 5_000, "publish", "in", MediaQuestions.OtherKey);
        Assert.Equal((ProvenCallers.Max, 0), authenticator.Remembered);
    }

    [Fact]
    public async Task Asking_for_ids_that_never_existed_activates_no_grain()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        List<string> ids = [];
        for (int i = 0; i < 50; i++)
        {
            string id = FakeCluster.NewStream();
            ids.Add(id);
            foreach (string url in (string[])[$"/v1/streams/{id}", $"/v1/streams/{id}/history", $"/v1/streams/{id}/runs", $"/v1/streams/{id}/runs/1/log", $"/streams/{id}", $"/streams/{id}/stop"])
            {
                Assert.Equal(404, await api.Status(HttpMethod.Get, url, ProtectedApi.OperatorToken));
            }

            Assert.Equal(404, await api.Status(HttpMethod.Post, $"/v1/streams/{id}/stop", ProtectedApi.OperatorToken));
            Assert.Equal(i < 10 ? 401 : 429, await MediaQuestions.Ask(api, "publish", $"live/{id}/out", "key-of-no-run", ip: "10.0.0.9"));
        }

        Assert.DoesNotContain(ids, FakeCluster.Activated.ContainsKey);
        string there = FakeCluster.NewStream();
        FakeCluster.Statuses[there] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(there));
        Assert.Equal(200, await api.Status(HttpMethod.Get, $"/v1/streams/{there}", ProtectedApi.ReaderToken));
    }

    [Fact]
    public async Task What_a_stranger_calls_its_action_is_no_label_of_a_metric()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, Keys);
        for (int number = 0; number < 20; number++)
        {
            await MediaQuestions.Ask(api, $"action-{number}", $"path-{number}", "any-password", ip: $"10.0.1.{number}");
        }

        using HttpResponseMessage metrics = await api.Get("/metrics", ProtectedApi.ReaderToken);
        string text = await metrics.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("action=\"other\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("action-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("path-1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookups_that_hang_are_bounded_and_what_comes_then_is_503()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Api:GrainTimeout"] = "00:00:00.050" });
        for (int number = 0; number < GrainCalls.MaxLookups + 50; number++)
        {
            Assert.Equal(503, await api.Status(HttpMethod.Get, $"/v1/streams/{FakeStreamIndexGrain.StuckPrefix}{number}", ProtectedApi.ReaderToken));
        }

        Assert.Equal(GrainCalls.MaxLookups, Volatile.Read(ref FakeCluster.StuckLookups));
        FakeCluster.Lookups.SetResult();
        await Eventually.Get(
            () => api.Status(HttpMethod.Get, $"/v1/streams/{FakeStreamIndexGrain.StuckPrefix}again", ProtectedApi.ReaderToken), static status => status == 404, "lookups that go on");
    }

    private static Task AskAboutStreams(ProtectedApi api, int count, string action, string side, string password) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            JsonObject question = new() { ["action"] = action, ["path"] = $"live/random-{number}/{side}", ["password"] = password, ["ip"] = "10.0.0.9" };
            using HttpResponseMessage answer = await MediaQuestions.Post(api.Http, question.ToJsonString());
            Assert.Equal(204, (int)answer.StatusCode);
        });
}

using System.Text.Json;
using CsCheck;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>The rule for queries that hook and poll share stays within what the API accepts.</summary>
[Collection(ApiCollection.Name)]
public sealed class PublisherQueriesTests(ApiFixture api)
{
    private static readonly Gen<string> Query = Gen.Select(
        Gen.OneOf("lang", "x", "user", "%75ser", ""), Gen.Char["ab%+é漢&=<;"], Gen.Int[0, 2100], static (key, sign, count) => $"{key}={new string(sign, count)}")
        .Array[1, 8].Select(static pairs => string.Join('&', pairs));

    [Fact]
    public Task A_query_that_fits_is_taken_as_it_is() => Query.SampleAsync(
        async query =>
        {
            string stream = FakeCluster.NewStream();
            string fit = PublisherQueries.Fit(query);
            // As the hook writes it: its encoder escapes all that is not plain ASCII.
            using HttpResponseMessage answer = await api.Post(JsonSerializer.Serialize(
                new { path = $"live/{stream}/in", sourceType = new string('t', 64), sourceId = new string('i', 128), query = fit, eventId = Guid.NewGuid(), node = "default", more = new string('n', 64) }));

            Assert.Equal(202, (int)answer.StatusCode);
            Assert.Equal(QueryCredentials.Strip(fit), Assert.Single(FakeCluster.Events[stream]).Query);
        },
        iter: 200);
}

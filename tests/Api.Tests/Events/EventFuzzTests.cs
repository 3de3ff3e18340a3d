using System.Net.Http.Headers;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class EventFuzzTests(ApiFixture api)
{
    private const int Count = 10_000;

    [Fact]
    public async Task Ten_thousand_hostile_bodies_are_answered_202_or_4xx_and_only_the_202_reach_a_grain()
    {
        HostileBodies hostile = new(seed: 20_261_122);
        byte[][] bodies = [.. Enumerable.Range(0, Count).Select(_ => hostile.Next())];
        int before = FakeCluster.Received;
        int accepted = 0;
        int refused = 0;
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, cancellationToken) =>
        {
            using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using HttpResponseMessage answer = await api.Http.PostAsync(new Uri("/v1/mediamtx/events/ready", UriKind.Relative), content, cancellationToken);
            int status = (int)answer.StatusCode;
            Assert.True(status is 202 or 400 or 413 or 422, $"{status} for {Convert.ToHexString(body)}");
            Interlocked.Increment(ref status == 202 ? ref accepted : ref refused);
        });

        Assert.Equal(Count, accepted + refused);
        Assert.InRange(refused, Count / 2, Count);
        Assert.Equal(accepted, FakeCluster.Received - before);
    }
}

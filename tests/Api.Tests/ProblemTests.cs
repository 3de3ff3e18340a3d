using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class ProblemTests(ApiFixture api) : IDisposable
{
    public void Dispose() => FakeCluster.List = FakeCluster.NoStreams;

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("POST", "/v1/mediamtx/events/other", 404)]
    [InlineData("GET", "/v1/mediamtx/events/ready", 405)]
    [InlineData("DELETE", "/v1/streams", 405)]
    [InlineData("POST", "/health/live", 405)]
    public async Task What_no_endpoint_answers_is_a_problem(string method, string url, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), url) { Headers = { { "Accept", "text/html" } } };
        using HttpResponseMessage answer = await api.Http.SendAsync(request);
        await ApiFixture.Problem(answer, status);
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task A_fault_is_a_problem_that_hides_it_and_a_log_line_that_shows_it()
    {
        string secret = "inside-" + Guid.NewGuid().ToString("N");
        FakeCluster.List = () => throw new InvalidOperationException(secret);
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri("/v1/streams", UriKind.Relative));

        var problem = await ApiFixture.Problem(answer, 500);
        Assert.DoesNotContain(secret, problem.ToString(), StringComparison.Ordinal);
        LogLine line = Assert.Single(api.Logs.About(problem.GetProperty("traceId").GetString()!), static line => line.Id == 1301);
        Assert.Equal("/v1/streams", line.Fields["RequestPath"]);
    }
}

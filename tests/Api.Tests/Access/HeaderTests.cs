using Xunit;

namespace Streams.Api.Tests.Access;

/// <summary>Security headers, which every answer has.</summary>
[Collection(ApiCollection.Name)]
public sealed class HeaderTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("GET", "/v1/streams")]
    [InlineData("GET", "/v1/streams/none")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/sign-in")]
    [InlineData("GET", "/docs/")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/no-such-thing")]
    [InlineData("POST", "/v1/streams/none/stop")]
    [InlineData("POST", "/v1/mediamtx/events/ready")]
    public async Task Every_answer_has_them_refused_or_not(string method, string url)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        foreach (string? token in (string?[])[null, ProtectedApi.OperatorToken])
        {
            using HttpResponseMessage answer = await api.Send(new HttpMethod(method), url, token);
            Assert.Equal("nosniff", Only(answer, "X-Content-Type-Options"));
            Assert.Equal("DENY", Only(answer, "X-Frame-Options"));
            Assert.Equal("same-origin", Only(answer, "Referrer-Policy"));
            Assert.Equal("same-origin", Only(answer, "Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Only(answer, "Cross-Origin-Resource-Policy"));
            Assert.Contains("no-store", Only(answer, "Cache-Control"), StringComparison.Ordinal);
            string policy = Only(answer, "Content-Security-Policy");
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
            Assert.Equal(url is not "/docs/", policy.StartsWith("default-src 'none'", StringComparison.Ordinal));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    private static string Only(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}

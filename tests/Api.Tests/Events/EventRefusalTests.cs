using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streams.Api.Tests.Access;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class EventRefusalTests(ApiFixture api)
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("{} {}")]
    [InlineData("{\"path\":\"live/a/in\",}")]
    [InlineData("/* no */ {}")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"path\":\"live/a/in\",\"path\":\"live/b/in\",\"sourceType\":\"t\",\"sourceId\":\"i\"}")]
    [InlineData("{\"path\":\"live/a/in\",\"sourceType\":\"\\ud800\",\"sourceId\":\"i\"}")]
    public async Task A_body_that_is_no_JSON_is_400(string body)
    {
        int before = FakeCluster.Received;
        using HttpResponseMessage answer = await api.Post(body);
        await ApiFixture.Problem(answer, 400);
        Assert.Equal(before, FakeCluster.Received);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_400_also_in_a_field_nobody_reads()
    {
        byte[] body = [.. "{\"other\":\""u8, 0xC3, 0x28, .. "\",\"path\":\"live/a/in\",\"sourceType\":\"t\",\"sourceId\":\"i\"}"u8];
        using HttpResponseMessage answer = await api.Post(body);
        await ApiFixture.Problem(answer, 400);
    }

    [Fact]
    public async Task Deep_nesting_is_400()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 5_000)) + string.Concat(Enumerable.Repeat("]", 5_000));
        using HttpResponseMessage answer = await api.Post($$"""{"path":"live/a/in","sourceType":"t","sourceId":"i","other":{{deep}}}""");
        await ApiFixture.Problem(answer, 400);
    }

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("\"text\"", "$")]
    [InlineData("{}", "path sourceId sourceType")]
    [InlineData("{\"path\":1,\"sourceType\":[],\"sourceId\":{},\"query\":true,\"eventId\":null,\"occurredAt\":12,\"node\":null}", "eventId node occurredAt path query sourceId sourceType")]
    public async Task All_wrong_fields_are_named_at_once(string body, string fields)
    {
        using HttpResponseMessage answer = await api.Post(body);
        JsonElement problem = await ApiFixture.Problem(answer, 422);
        Assert.Equal(fields, string.Join(' ', problem.GetProperty("errors").EnumerateObject().Select(static e => e.Name).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("path", "live/a/b/in", "^live/[A-Za-z0-9_-]{1,64}/(in|out)$")]
    [InlineData("path", "live/é/in", "^live/[A-Za-z0-9_-]{1,64}/(in|out)$")]
    [InlineData("path", "live/a/in\n", "^live/[A-Za-z0-9_-]{1,64}/(in|out)$")]
    [InlineData("sourceType", "", "{1,64}")]
    [InlineData("sourceType", "two words", "^[!-~]{1,64}$")]
    [InlineData("sourceId", "a\u0000b", "^[!-~]{0,128}$")]
    [InlineData("node", "", "^[A-Za-z0-9_-]{1,64}$")]
    [InlineData("node", "media 1", "^[A-Za-z0-9_-]{1,64}$")]
    [InlineData("eventId", "0198f6f03c8e7cc29d2c0a4d1f1f9b3e", "UUID")]
    [InlineData("occurredAt", "2026-11-22", "RFC 3339")]
    [InlineData("occurredAt", "2026-11-22T13:30:48", "RFC 3339")]
    [InlineData("occurredAt", "2026-13-22T13:30:48Z", "RFC 3339")]
    public async Task A_wrong_field_is_422_with_its_pattern(string field, string value, string named)
    {
        using HttpResponseMessage answer = await api.Post(Bodies.With(FakeCluster.NewStream(), field, value).ToJsonString());
        JsonElement problem = await ApiFixture.Problem(answer, 422);
        JsonProperty error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(field, error.Name);
        Assert.Contains(named, error.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sourceType", 64)]
    [InlineData("sourceId", 128)]
    [InlineData("query", 4096)]
    public async Task A_field_has_a_longest_length(string field, int longest)
    {
        using HttpResponseMessage allowed = await api.Post(Bodies.With(FakeCluster.NewStream(), field, new string('x', longest)).ToJsonString());
        Assert.Equal(202, (int)allowed.StatusCode);
        using HttpResponseMessage refused = await api.Post(Bodies.With(FakeCluster.NewStream(), field, new string('x', longest + 1)).ToJsonString());
        await ApiFixture.Problem(refused, 422);
    }

    [Fact]
    public async Task The_querys_length_counts_characters_not_UTF_16_units()
    {
        string emoji = string.Concat(Enumerable.Repeat("😀", 2_500));
        JsonObject body = Bodies.With(FakeCluster.NewStream(), "query", emoji);
        using HttpResponseMessage answer = await api.Post(body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal));
        Assert.Equal(202, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(16_384, false, 202)]
    [InlineData(16_384, true, 202)]
    [InlineData(16_385, false, 413)]
    [InlineData(16_385, true, 413)]
    [InlineData(300_000, false, 413)]
    [InlineData(300_000, true, 413)]
    public async Task A_body_has_at_most_16384_bytes(int size, bool chunked, int status)
    {
        string body = Bodies.Full(FakeCluster.NewStream()).ToJsonString();
        byte[] padded = Encoding.UTF8.GetBytes(body.PadRight(size));
        using HttpResponseMessage answer = await api.Post(padded, chunked: chunked);
        if (status == 413)
        {
            await ApiFixture.Problem(answer, status);
        }

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Any_other_content_type_is_415(string? contentType)
    {
        byte[] body = Encoding.UTF8.GetBytes(Bodies.Full(FakeCluster.NewStream()).ToJsonString());
        using HttpResponseMessage answer = await api.Post(body, contentType: contentType);
        await ApiFixture.Problem(answer, 415);
    }

    [Fact]
    public async Task A_refusal_is_one_bounded_line_that_repeats_nothing_of_the_body()
    {
        string marker = "marker" + Guid.NewGuid().ToString("N");
        string stream = FakeCluster.NewStream();
        JsonObject body = Bodies.With(stream, "sourceId", marker + "\n{\"forged\":1}");
        await using ProtectedApi own = await ProtectedApi.Start(api); // So many refusals a minute are written, and other tests cause more.
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/mediamtx/events/ready", UriKind.Relative))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new("Bearer", ProtectedApi.HookToken) },
        };
        using HttpResponseMessage answer = await own.Http.SendAsync(request);

        await ApiFixture.Problem(answer, 422);
        LogLine line = Assert.Single(own.Logs.About(stream));
        Assert.Equal(1202, line.Id);
        Assert.Equal("sourceId", line.Fields["Fields"]);
        Assert.DoesNotContain(own.Logs.Lines, other => other.Text.Contains(marker, StringComparison.Ordinal));
    }
}

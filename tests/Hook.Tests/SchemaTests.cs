using NJsonSchema;
using Streams.Testing;
using Xunit;

namespace Streams.Hook.Tests;

public sealed class SchemaTests
{
    private const string Valid = """{"path":"live/demo/in","sourceType":"rtmpConn","sourceId":"31aa777e-fa1a-4f7a-8e71-b3365dac24ff"}""";

    private static readonly string[] AlwaysSent = ["path", "sourceType", "sourceId", "query", "eventId", "occurredAt"];

    // Environments that a MediaMTX 1.20.1 was seen to set.
    [Theory]
    [InlineData("live/demo/in", "lang%3Des%26x%3Da%2520b", "rtmpConn", "31aa777e-fa1a-4f7a-8e71-b3365dac24ff", null)]
    [InlineData("live/demo/out", "user%3Dworker%26pass%3Dworkersecret", "rtmpConn", "31aa777e-fa1a-4f7a-8e71-b3365dac24ff", "media-1")]
    [InlineData("live/cam/in", "", "rtspSession", "944a4a1a-2ab3-4d43-8f72-3a3877dddfcc", null)]
    [InlineData("live/cam/in", "", "rtspSource", "", "media-1")]
    public async Task What_the_hook_sends_is_what_the_schema_says(string path, string query, string sourceType, string sourceId, string? node)
    {
        foreach (string kind in new[] { "ready", "not-ready" })
        {
            await using RawServer server = RawServer.Answering("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
            (await InProcess.Run(
                HookVariables.For(
                    server.Url,
                    ("MTX_PATH", path),
                    ("MTX_QUERY", query),
                    ("MTX_SOURCE_TYPE", sourceType),
                    ("MTX_SOURCE_ID", sourceId),
                    ("STREAMS_NODE", node)),
                [kind])).ShouldBeSilentSuccess();

            ReceivedRequest request = await server.Request;

            Assert.Empty((await Schema()).Validate(request.Body));
            Assert.Equal(
                node is null ? AlwaysSent : [.. AlwaysSent, "node"],
                request.Json.EnumerateObject().Select(property => property.Name));
        }
    }

    [Theory]
    [InlineData("\"path\":\"live/demo/in\"", "\"path\":\"live/demo/in\",\"later\":{\"field\":1}")]
    [InlineData("live/demo/in", "live/0123456789012345678901234567890123456789012345678901234567890_-A/out")]
    [InlineData("\"path\"", "\"query\":null,\"path\"")]
    [InlineData("31aa777e-fa1a-4f7a-8e71-b3365dac24ff", "")]
    [InlineData("\"path\"", "\"node\":\"media-1\",\"path\"")]
    public async Task The_schema_takes(string part, string instead) =>
        Assert.Empty((await Schema()).Validate(Valid.Replace(part, instead, StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"path\"", "\"other\"")]
    [InlineData("\"sourceType\"", "\"other\"")]
    [InlineData("\"sourceId\"", "\"other\"")]
    [InlineData("live/demo/in", "live/demo")]
    [InlineData("live/demo/in", "live/de mo/in")]
    [InlineData("live/demo/in", "xlive/demo/in")]
    [InlineData("live/demo/in", "live/demo/inn")]
    [InlineData("live/demo/in", "live//in")]
    [InlineData("rtmpConn", "")]
    [InlineData("\"rtmpConn\"", "7")]
    [InlineData("31aa777e", "31aa 777e")]
    [InlineData("\"path\"", "\"node\":\"\",\"path\"")]
    [InlineData("\"path\"", "\"node\":\"media 1\",\"path\"")]
    [InlineData("\"path\"", "\"node\":null,\"path\"")]
    [InlineData("\"path\"", "\"eventId\":\"seven\",\"path\"")]
    [InlineData("\"path\"", "\"occurredAt\":\"yesterday\",\"path\"")]
    [InlineData("\"path\"", "\"query\":7,\"path\"")]
    [InlineData("rtmpConn", "rtmp conn")]
    public async Task The_schema_refuses(string part, string instead) =>
        Assert.NotEmpty((await Schema()).Validate(Valid.Replace(part, instead, StringComparison.Ordinal)));

    private static Task<JsonSchema> Schema() =>
        JsonSchema.FromFileAsync(Repository.PathOf("hooks", "schemas", "hook-event.schema.json"));
}

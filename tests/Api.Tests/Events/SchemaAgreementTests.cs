using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using NJsonSchema;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>The published schema and the API give the same verdict, apart from what <c>docs/decisions/0004</c> names.</summary>
[Collection(ApiCollection.Name)]
public sealed class SchemaAgreementTests(ApiFixture api)
{
    private static readonly Task<JsonSchema> Schema =
        JsonSchema.FromFileAsync(Repository.PathOf("hooks", "schemas", "hook-event.schema.json"));

    private static readonly Gen<JsonNode?> WrongType = Gen.OneOf<Func<JsonNode?>>(
        static () => JsonValue.Create(1), static () => JsonValue.Create(false), static () => new JsonArray(), static () => new JsonObject()).Select(static make => make());

    private static readonly Gen<string> Id = Gen.String[Gen.Char["abzAZ09_-./ é"], 0, 66];

    // No times like the 45th of a 13th month: the validator knows their shape, not the calendar.
    private static readonly Gen<JsonObject> Body = Gen.Select(
        Field(Gen.Select(Gen.OneOf("live/", "", "Live/", "live//"), Id, Gen.OneOf("/in", "/out", "", "/IN"), static (a, b, c) => a + b + c), "live/demo/in"),
        Field(Gen.String[Gen.Char["az!~ é\t"], 0, 66], "rtmpConn"),
        Field(Gen.String[Gen.Char["a9-~ é"], 0, 130], "31aa777e"),
        Field(Gen.OneOf(Gen.String[Gen.Char["a=&%é "], 0, 40], Gen.Int[4_090, 4_100].Select(static length => new string('q', length))), "x=1"),
        Field(Gen.OneOf(Gen.Guid.Select(static id => id.ToString()), Gen.OneOf("", "no-uuid", "0198f6f0-3c8e-7cc2-9d2c")), "0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e"),
        Field(Gen.OneOf("2026-11-22T13:30:48Z", "2026-11-22T13:30:48.216+02:00", "yesterday", ""), "2026-11-22T13:30:48.216Z"),
        Field(Id, "media-1"),
        static (path, type, id, query, eventId, at, node) => Compose(("path", path), ("sourceType", type), ("sourceId", id), ("query", query), ("eventId", eventId), ("occurredAt", at), ("node", node)));

    public static TheoryData<string> Corpus() => new(
    [
        "{}", "[]", "1", "\"live/a/in\"", "null",
        Bodies.Full("a").ToJsonString(),
        Bodies.With("a", "more", new JsonObject { ["deep"] = new JsonArray(1, 2) }).ToJsonString(),
        .. new[] { "path", "sourceType", "sourceId", "query", "eventId", "occurredAt" }.Select(static f => Bodies.Without("a", f).ToJsonString()),
        .. new[] { "path", "sourceType", "sourceId", "query", "eventId", "occurredAt", "node" }.Select(static f => Bodies.With("a", f, null).ToJsonString()),
        .. new[] { "path", "sourceType", "sourceId", "query", "eventId", "occurredAt", "node" }.Select(static f => Bodies.With("a", f, 7).ToJsonString()),
        .. new[] { "", " ", "rtspSource" }.Select(static id => Bodies.With("a", "sourceId", id).ToJsonString()),
        .. new[] { "", "a", "media 1", "médias", new string('n', 64), new string('n', 65) }.Select(static node => Bodies.With("a", "node", node).ToJsonString()),
        .. new[] { "live/a/in ", "live/a/in/", "live/a/out", "live/a/IN", "live//in", "/live/a/in", "live/ä/in" }.Select(static p => Bodies.With("a", "path", p).ToJsonString()),
    ]);

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task The_schema_and_the_API_agree_on_the_corpus(string body) => await Agree(body);

    [Fact]
    public Task The_schema_and_the_API_agree_on_generated_bodies() => Body.SampleAsync(body => Agree(body.ToJsonString()), iter: 2_000);

    // A value, or null for a field that is left out.
    private static Gen<JsonNode?> Field(Gen<string> any, string valid) => Gen.Frequency(
        (12, Gen.Const(valid).Select(static text => (JsonNode?)JsonValue.Create(text))),
        (4, any.Select(static text => (JsonNode?)JsonValue.Create(text))),
        (1, WrongType),
        (1, Gen.Const((JsonNode?)null)));

    private static JsonObject Compose(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        JsonObject body = [];
        foreach ((string name, JsonNode? value) in fields)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body;
    }

    private static bool NamesUnknownNode(string problem) => JsonElement.Parse(problem).GetProperty("errors").EnumerateObject().ToArray() is [{ Name: "node" } only]
        && only.Value[0].GetString()!.StartsWith("There is no media server '", StringComparison.Ordinal);

    private async Task Agree(string body)
    {
        ICollection<NJsonSchema.Validation.ValidationError> errors = (await Schema).Validate(body);
        using HttpResponseMessage answer = await api.Post(body);
        int status = (int)answer.StatusCode;
        bool isTaken = status == 202 || (status == 422 && NamesUnknownNode(await answer.Content.ReadAsStringAsync())); // The schema knows no names.
        Assert.True(
            isTaken == (errors.Count == 0) && status is 202 or 422,
            $"The API says {status}, the schema [{string.Join("; ", errors)}] of {body}");
    }
}

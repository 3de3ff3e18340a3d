using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class DocumentTests(ApiFixture api)
{
    [Fact]
    public async Task The_OpenAPI_document_has_every_operation_with_its_answers()
    {
        JsonElement document = await OpenApi();
        string[] operations =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select $"{operation.Name} {path.Name}: {string.Join(' ', operation.Value.GetProperty("responses").EnumerateObject().Select(static r => r.Name).Order(StringComparer.Ordinal))}",
        ];
        string[] expected =
        [
            "post /v1/mediamtx/events/ready: 202 400 401 403 413 415 422 429 500 503",
            "post /v1/mediamtx/events/not-ready: 202 400 401 403 413 415 422 429 500 503",
            "post /v1/mediamtx/auth: 204 400 401 403 413 415 429 500 503",
            "get /v1/streams: 200 401 403 422 429 500 503",
            "get /v1/streams/{id}: 200 401 403 404 422 429 500 503",
            "get /v1/streams/{id}/audience: 200 401 403 404 422 429 500 503",
            "get /v1/streams/{id}/samples: 200 401 403 422 429",
            "get /v1/streams/{id}/history: 200 401 403 404 422 429 500 503",
            "get /v1/streams/{id}/runs: 200 401 403 404 422 429 500 503",
            "get /v1/streams/{id}/runs/{generation}/log: 200 401 403 404 422 429 500 503",
            "delete /v1/streams/{id}: 204 401 403 404 409 422 429 500 503",
            "post /v1/streams/{id}/stop: 200 401 403 404 409 422 429 500 503",
            "post /v1/streams/{id}/resume: 200 401 403 404 409 422 429 500 503",
            "post /v1/streams/{id}/restart: 200 401 403 404 409 422 429 500 503",
            "put /v1/streams/{id}/profile: 200 400 401 403 404 409 415 422 429 500 503",
            "put /v1/streams/{id}/standby: 200 400 401 403 404 409 415 422 429 500 503",
            "get /v1/feed: 200 401 403 429 503",
            "get /v1/streams/{id}/feed: 200 401 403 422 429 503",
            "post /v1/silos/{name}/drain: 202 401 403 404 409 429 500 503",
            "get /v1/nodes: 200 401 403 429 500 503",
            "get /health/live: 200",
            "get /health/ready: 200 503",
            "get /v1/schemas/hook-event.json: 200 401 403 429",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), operations.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_answer_and_field_is_described()
    {
        JsonElement document = await OpenApi();
        foreach (JsonElement operation in document.GetProperty("paths").EnumerateObject().SelectMany(static p => p.Value.EnumerateObject()).Select(static o => o.Value))
        {
            Assert.True(operation.TryGetProperty("summary", out _), operation.ToString());
            Assert.All(operation.GetProperty("responses").EnumerateObject(), static r => Assert.NotEqual("", r.Value.GetProperty("description").GetString()));
            if (operation.TryGetProperty("parameters", out JsonElement parameters))
            {
                Assert.All(parameters.EnumerateArray(), static p => Assert.True(p.TryGetProperty("description", out _), p.ToString()));
            }
        }

        foreach (JsonProperty schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            Assert.True(schema.Value.TryGetProperty("description", out _), schema.Name);
            if (schema.Value.TryGetProperty("properties", out JsonElement properties))
            {
                Assert.All(properties.EnumerateObject(), p => Assert.True(
                    p.Value.TryGetProperty("description", out _) || p.Value.GetProperty("oneOf")[1].TryGetProperty("description", out _),
                    $"{schema.Name}.{p.Name}"));
            }
        }
    }

    [Fact]
    public async Task What_a_worker_can_fail_at_is_a_list_of_names_that_are_described()
    {
        JsonElement fault = (await OpenApi()).GetProperty("components").GetProperty("schemas").GetProperty("WorkerFault");
        string[] names = [.. fault.GetProperty("enum").EnumerateArray().Select(static name => name.GetString()!)];
        Assert.Equal(Enum.GetNames<WorkerFault>(), names);
        Assert.All(names, name => Assert.Contains($"`{name}`", fault.GetProperty("description").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_way_in_which_a_run_can_end_is_described()
    {
        JsonElement run = (await OpenApi()).GetProperty("components").GetProperty("schemas").GetProperty("RunView").GetProperty("properties");
        string described = run.GetProperty("exit").GetProperty("description").GetString()!;
        string code = await File.ReadAllTextAsync(Repository.PathOf("Grains", "Workers", "WorkerExit.cs"), TestContext.Current.CancellationToken);
        string kinds = code[..code.IndexOf("\n}", StringComparison.Ordinal)];
        Assert.All(System.Text.RegularExpressions.Regex.Matches(kinds, @"^    (\w+),$", System.Text.RegularExpressions.RegexOptions.Multiline),
            kind => Assert.Contains($"`{kind.Groups[1].Value}`", described, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_events_body_is_documented_by_the_published_schema()
    {
        JsonElement schemas = (await OpenApi()).GetProperty("components").GetProperty("schemas");
        JsonNode documented = JsonNode.Parse(schemas.GetProperty("HookEvent").GetProperty("properties").GetRawText())!;
        JsonNode published = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("hooks", "schemas", "hook-event.schema.json")))!["properties"]!;
        Assert.True(JsonNode.DeepEquals(published, documented), documented.ToJsonString());
    }

    [Fact]
    public async Task Real_answers_conform_to_the_documented_schemas()
    {
        JsonElement document = await OpenApi();
        string stream = FakeCluster.NewStream();
        string troubled = FakeCluster.NewStream();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(stream));
        FakeCluster.Statuses[troubled] = () => Task.FromResult<StreamStatus?>(StreamsTests.Troubled(troubled));
        using HttpResponseMessage accepted = await api.Post(Bodies.Full(stream).ToJsonString());
        using HttpResponseMessage refused = await api.Post("{}");
        using HttpResponseMessage list = await Get("/v1/streams");
        using HttpResponseMessage status = await Get("/v1/streams/" + stream);
        using HttpResponseMessage trouble = await Get("/v1/streams/" + troubled);
        using HttpResponseMessage unknown = await Get("/v1/streams/" + FakeCluster.NewStream());
        using HttpResponseMessage live = await Get("/health/live");

        await Conforms(document, accepted, "EventAccepted");
        await Conforms(document, refused, "Problem");
        await Conforms(document, list, "StreamList");
        await Conforms(document, status, "StreamView");
        await Conforms(document, trouble, "StreamView");
        await Conforms(document, unknown, "Problem");
        await Conforms(document, live, "HealthView");
    }

    [Fact]
    public async Task The_hooks_schema_is_served_as_it_is_published()
    {
        using HttpResponseMessage answer = await Get("/v1/schemas/hook-event.json");
        Assert.Equal("application/schema+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            await File.ReadAllBytesAsync(Repository.PathOf("hooks", "schemas", "hook-event.schema.json")),
            await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_documentation_page_asks_no_other_machine()
    {
        using HttpResponseMessage page = await Get("/docs/");
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.Contains("\"telemetry\":false", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'self';", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        using HttpResponseMessage script = await Get("/docs/scalar.js");
        Assert.Equal(200, (int)script.StatusCode);
        Assert.InRange((await script.Content.ReadAsByteArrayAsync()).Length, 100_000, int.MaxValue);
    }

    private static async Task Conforms(JsonElement document, HttpResponseMessage answer, string name)
    {
        string body = await answer.Content.ReadAsStringAsync();
        string schemas = document.GetProperty("components").GetProperty("schemas").GetRawText().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        JsonSchema schema = await JsonSchema.FromJsonAsync($$"""{"$ref":"#/definitions/{{name}}","definitions":{{schemas}}}""");
        Assert.True(schema.Validate(body) is { Count: 0 }, $"{name}: {string.Join("; ", schema.Validate(body))} in {body}");
        HashSet<string> documented = [.. document.GetProperty("components").GetProperty("schemas").GetProperty(name).GetProperty("properties").EnumerateObject().Select(static p => p.Name)];
        Assert.All(JsonElement.Parse(body).EnumerateObject(), p => Assert.Contains(p.Name, documented));
    }

    private Task<HttpResponseMessage> Get(string url) => api.Http.GetAsync(new Uri(url, UriKind.Relative));

    private async Task<JsonElement> OpenApi()
    {
        using HttpResponseMessage answer = await Get("/openapi/v1.json");
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }
}

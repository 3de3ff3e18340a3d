using System.Globalization;
using System.Text;
using System.Text.Json;
using NJsonSchema;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>Fuzz test of every documented operation, with sensible and senseless requests: each answer must be one that the document names.</summary>
[Collection(ApiCollection.Name)]
public sealed class AllOperationsTests(ApiFixture api, ITestOutputHelper report)
{
    private const int TimesEach = 40;

    private static readonly string[] Junk = ["", " ", "a.b", "..", "%00", "%2e%2e%2f", "💣", "-1", "0", "99999999999999999999", "null", "' or 1=1--", "<script>", "x\ny"];

    /// <summary>What is no part of a path by itself, or goes up in it, makes another path; a zero byte in one is refused by the server before any operation.</summary>
    private static readonly string[] JunkInPaths = [.. Junk.Where(static junk => junk is not ("" or ".." or "%00"))];

    private static readonly string[] Bodies =
        ["", "{", "[]", "null", "7", "\"x\"", "{}", """{"profile":7}""", """{"profile":"a","profile":"b"}""", """{"profile":null}""", """{"profile":"passthrough"}""", """{"standby":"Hot"}""", """{"standby":1}""", new string('[', 100)];

    [Fact]
    public async Task Every_answer_of_every_operation_is_documented()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        JsonElement document = JsonElement.Parse(await api.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        string stream = FakeCluster.NewStream();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(stream));
        FakeCluster.Histories[stream] = new StreamHistory { Runs = [new RunRecord { Generation = 1, Exit = "Killed", Reason = "killed", Log = ["last words"] }] };
        int answers = 0;
        HashSet<string> seen = [];
        foreach ((string method, string path, JsonElement operation) in Operations(document))
        {
            for (int i = 0; i < TimesEach; i++)
            {
                string url = path + Query(operation, random);
                url = url.Replace("{id}", i % 2 == 0 ? stream : Escape(Pick(random, JunkInPaths)), StringComparison.Ordinal);
                url = url.Replace("{generation}", (i % 3) switch { 0 => "1", 1 => "7", _ => Escape(Pick(random, JunkInPaths)) }, StringComparison.Ordinal);
                seen.Add($"{method} {path} {await Ask(document, operation, method, url, random, seed)}");
                answers++;
            }
        }

        report.WriteLine($"{answers} answers of {seen.Count} kinds, all as documented (seed {seed.ToString(CultureInfo.InvariantCulture)})");
        Assert.Contains("GET /v1/streams/{id} 200", seen);
        Assert.Contains("PUT /v1/streams/{id}/profile 200", seen);
        Assert.Contains("PUT /v1/streams/{id}/standby 200", seen);
        Assert.Contains("GET /v1/streams/{id}/runs/{generation}/log 404", seen);
    }

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value);

    /// <summary>One request; fails when its answer is not documented. Returns the status.</summary>
    private async Task<int> Ask(JsonElement document, JsonElement operation, string method, string url, Random random, int seed)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(url, UriKind.Relative));
        if (method is "PUT" or "POST")
        {
            request.Content = new StringContent(Pick(random, Bodies), Encoding.UTF8, random.Next(5) == 0 ? "text/plain" : "application/json");
        }

        using HttpResponseMessage answer = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        int status = (int)answer.StatusCode;
        string what = $"{method} {url} was answered with {status} {answer.Content.Headers.ContentType} (seed {seed.ToString(CultureInfo.InvariantCulture)})";
        if (status is 404 or 405 && !operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out _))
        {
            return status; // An id that ends the path or makes another one leads elsewhere: to no operation, or to one of another method.
        }

        Assert.True(operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out JsonElement documented), what);
        Assert.NotEqual(500, status);
        if (documented.TryGetProperty("content", out JsonElement content))
        {
            string type = answer.Content.Headers.ContentType?.MediaType ?? "";
            Assert.True(content.TryGetProperty(type, out JsonElement media), what);
            if (type.EndsWith("json", StringComparison.Ordinal) && media.TryGetProperty("schema", out JsonElement schema))
            {
                await Conforms(document, schema, await answer.Content.ReadAsStringAsync(), what);
            }
        }

        return status;
    }

    private static async Task Conforms(JsonElement document, JsonElement schema, string body, string what)
    {
        string definitions = document.GetProperty("components").GetProperty("schemas").GetRawText();
        string whole = $$"""{"allOf":[{{schema.GetRawText()}}],"definitions":{{definitions}}}""".Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        JsonSchema read = await JsonSchema.FromJsonAsync(whole);
        Assert.True(read.Validate(body) is { Count: 0 }, $"{what}: {string.Join("; ", read.Validate(body))} in {body}");
    }

    private static string Query(JsonElement operation, Random random)
    {
        if (!operation.TryGetProperty("parameters", out JsonElement parameters))
        {
            return "";
        }

        IEnumerable<string> chosen = parameters.EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "query" && random.Next(3) == 0)
            .Select(parameter => $"{parameter.GetProperty("name").GetString()}={Escape(random.Next(2) == 0 ? "1" : Pick(random, Junk))}");
        return "?" + string.Join('&', chosen);
    }

    private static string Escape(string text) => text.Contains('%', StringComparison.Ordinal) ? text : Uri.EscapeDataString(text);

    private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];
}

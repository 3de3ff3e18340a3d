using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>Compares docs/api.md with the OpenAPI document.</summary>
[Collection(ApiCollection.Name)]
public sealed class DocumentationTests(ApiFixture api)
{
    [Fact]
    public async Task Every_operation_stands_in_the_page_about_the_API()
    {
        string page = await File.ReadAllTextAsync(Repository.PathOf("docs", "api.md"), TestContext.Current.CancellationToken);
        string document = await api.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        IEnumerable<string> operations =
            from path in JsonDocument.Parse(document).RootElement.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"`{operation.Name.ToUpperInvariant()} {path.Name}`";

        Assert.All(operations, operation => Assert.Contains(operation, page, StringComparison.Ordinal));
    }
}

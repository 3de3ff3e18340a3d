using CliWrap;
using CliWrap.Buffered;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Access;

/// <summary>A service without tokens: open to its own machine, and refused everywhere else.</summary>
[Collection(ApiCollection.Name)]
public sealed class OpenServiceTests(ApiFixture api)
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("rebound.example", 401)]
    public async Task It_answers_to_this_machines_names_only(string host, int status)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/v1/streams", UriKind.Relative)) { Headers = { Host = host } };
        using HttpResponseMessage answer = await api.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task On_an_open_address_without_tokens_the_process_refuses_to_start(string address)
    {
        BufferedCommandResult ended = await Run(new() { ["Streams__Api__Address"] = address });
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"Streams:Api:Address is {address}", ended.StandardError, StringComparison.Ordinal);
        Assert.Contains("Streams__Access__Tokens__0__Token", ended.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_that_others_reach_it_refuses_to_start()
    {
        BufferedCommandResult ended = await Run(new() { ["Streams__Api__PublicUrl"] = "https://media.example.com/streams" });
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Streams:Api:PublicUrl is https://media.example.com/streams", ended.StandardError, StringComparison.Ordinal);
        Assert.Contains("there is no access token", ended.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("192.0.2.7", 401)]
    public async Task It_answers_to_a_proxys_clients_on_this_machine_only(string client, int status)
    {
        await using ProtectedApi open = await ProtectedApi.Start(api, new()
        {
            ["Streams:Access:Tokens:0:Token"] = "",
            ["Streams:Access:Tokens:1:Token"] = "",
            ["Streams:Access:Tokens:2:Token"] = "",
            ["Streams:Api:TrustedProxies"] = "127.0.0.1",
        });
        Assert.Equal(status, await open.Status(HttpMethod.Get, "/v1/streams", null, ("X-Forwarded-For", client)));
    }

    [Fact]
    public async Task An_entry_without_a_token_opens_nothing()
    {
        BufferedCommandResult ended = await Run(new()
        {
            ["Streams__Api__Address"] = "0.0.0.0",
            ["Streams__Access__Tokens__0__Role"] = "operator",
            ["Streams__Access__Tokens__0__Name"] = "ops",
            ["Streams__Access__Tokens__0__Token"] = "",
        });
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("there is no access token", ended.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_that_cannot_be_used_are_all_named_and_never_shown()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "operator only-two-words\nhook h same-token-0123456789\n", TestContext.Current.CancellationToken);
        BufferedCommandResult ended = await Run(new()
        {
            ["Streams__Access__TokenFile"] = file,
            ["Streams__Access__FailuresPerMinute"] = "0",
            ["Streams__Access__Tokens__0__Role"] = "1",
            ["Streams__Access__Tokens__0__Name"] = "two words",
            ["Streams__Access__Tokens__0__Token"] = "s3cr3t",
            ["Streams__Access__Tokens__1__Role"] = "Operator",
            ["Streams__Access__Tokens__1__Name"] = "o",
            ["Streams__Access__Tokens__1__Token"] = "same-token-0123456789",
        });
        File.Delete(file);
        Assert.Equal(1, ended.ExitCode);
        string[] named =
        [
            "Tokens:0: the role must be", "Tokens:0: the name must be", "Tokens:0: the token must be", $"{file}, line 1: a line is", "o and h have the same token", "FailuresPerMinute",
        ];
        Assert.All(named, error => Assert.Contains(error, ended.StandardError, StringComparison.Ordinal));
        Assert.DoesNotContain("s3cr3t", ended.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("same-token-0123456789", ended.StandardError, StringComparison.Ordinal);
    }

    private static async Task<BufferedCommandResult> Run(Dictionary<string, string?> environment)
    {
        environment["Streams__Api__Port"] = $"{FreePorts.Next()}";
        using CancellationTokenSource tooLong = new(TimeSpan.FromSeconds(60));
        return await Cli.Wrap("dotnet").WithArguments([Path.Combine(AppContext.BaseDirectory, "Streams.Api.dll")])
            .WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(tooLong.Token);
    }
}

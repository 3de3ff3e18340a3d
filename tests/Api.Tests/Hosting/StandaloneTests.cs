using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

public sealed class StandaloneTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Streams.Api.dll");

    [Fact]
    public async Task Without_a_silo_it_lives_is_not_ready_and_refuses_events_until_it_is_stopped()
    {
        int port = FreePorts.Next();
        string stream = FakeCluster.NewStream();
        using CancellationTokenSource tooLong = new(TimeSpan.FromSeconds(60));
        CommandTask<BufferedCommandResult> running = Start(new() { ["Streams__Api__Port"] = $"{port}", ["Streams__Cluster__GatewayPort"] = $"{FreePorts.Next()}" })
            .ExecuteBufferedAsync(tooLong.Token);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        using HttpResponseMessage live = await Eventually.Get(() => http.GetAsync(new Uri("/health/live", UriKind.Relative)), static answer => answer.IsSuccessStatusCode, "the API is live");
        using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(503, (int)ready.StatusCode);
        using StringContent body = new(Bodies.Full(stream).ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage refused = await http.PostAsync(new Uri("/v1/mediamtx/events/ready", UriKind.Relative), body);
        await ApiFixture.Problem(refused, 503);
        using HttpResponseMessage list = await http.GetAsync(new Uri("/v1/streams", UriKind.Relative));
        await ApiFixture.Problem(list, 503);

        await Cli.Wrap("kill").WithArguments(["-TERM", $"{running.ProcessId}"]).ExecuteAsync(tooLong.Token);
        BufferedCommandResult ended = await running;
        Assert.Equal("", ended.StandardError);
        Assert.Equal(0, ended.ExitCode);
        JsonElement[] lines = [.. ended.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line))];
        JsonElement line = Assert.Single(lines, line => line.TryGetProperty("StreamId", out JsonElement id) && id.GetString() == stream);
        Assert.Equal(1203, line.GetProperty("LogId").GetInt32());
        Assert.Equal("0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e", line.GetProperty("EventId").GetString());
        Assert.Equal(line.GetProperty("@tr").GetString(), line.GetProperty("TraceId").GetString());
        Assert.Contains(lines, static line => line.TryGetProperty("LogId", out JsonElement id) && id.GetInt32() == 1101);
    }

    [Fact]
    public async Task Wrong_options_end_it_and_all_are_named()
    {
        BufferedCommandResult ended = await Start(new()
        {
            ["Streams__Api__Port"] = "eighty",
            ["Streams__Api__Address"] = "localhost",
            ["Streams__Api__GrainTimeout"] = "01:00:00",
            ["Streams__Api__PublicUrl"] = "media.example.com/streams",
            ["Streams__Api__TrustedProxies"] = "127.0.0.1, proxy.example.com",
            ["Streams__Cluster__GatewayPort"] = "70000",
            ["Streams__Cluster__ClusterId"] = " ",
        }).ExecuteBufferedAsync();

        Assert.Equal(1, ended.ExitCode);
        string[] named = ["Streams:Api:Port", "Streams:Api:Address", "Streams:Api:GrainTimeout", "Streams:Api:PublicUrl", "Streams:Api:TrustedProxies (STREAMS_TRUSTED_PROXIES) has 'proxy.example.com'", "Streams:Cluster:GatewayPort", "Streams:Cluster:ClusterId"];
        Assert.All(named, option => Assert.Contains(option, ended.StandardError, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", ended.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Streams:Store:ConnectionString (STREAMS_STORE_CONNECTION) is missing")]
    [InlineData("Host=127.0.0.1;Password=half;of-it-secret", "Streams:Store:ConnectionString (STREAMS_STORE_CONNECTION) cannot be read")]
    [InlineData("Password=secret", "Streams:Store:ConnectionString (STREAMS_STORE_CONNECTION) names no host")]
    public async Task In_a_cluster_it_needs_the_silos_database_and_does_not_show_how_it_is_reached(string connectionString, string told)
    {
        BufferedCommandResult ended = await Start(new()
        {
            ["Streams__Api__Port"] = $"{FreePorts.Next()}",
            ["Streams__Cluster__Clustering"] = "postgres",
            ["Streams__Store__ConnectionString"] = connectionString,
        }).ExecuteBufferedAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(told, ended.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ended.StandardError + ended.StandardOutput, StringComparison.Ordinal);
    }

    private static Command Start(Dictionary<string, string?> environment) =>
        Cli.Wrap("dotnet").WithArguments([Program]).WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None);
}

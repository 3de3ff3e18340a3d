using Xunit;

namespace Streams.Hook.Tests;

/// <summary>How the hook answers arguments and environments, right and wrong, before anything is sent.</summary>
public abstract class UsageContract
{
    private const string Secret = "s3cr3t";

    /// <summary>Runs the hook to its end.</summary>
    protected abstract Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments);

    [Theory]
    [InlineData("MTX_PATH")]
    [InlineData("MTX_SOURCE_TYPE")]
    [InlineData("ORCHESTRATOR_URL")]
    public async Task A_required_variable_that_is_missing_or_empty_is_named_and_nothing_is_sent(string name)
    {
        await using RawServer server = RawServer.Refusing(202, "{}");
        foreach (string? value in new[] { null, "" })
        {
            HookRun run = await Run(HookVariables.For(server.Url, (name, value)), "ready");

            string message = run.ShouldFailWith(2).GetProperty("message").GetString()!;
            Assert.EndsWith($": {name} is not set", message, StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Accepted);
    }

    [Theory]
    [InlineData("online")]
    [InlineData("offline")]
    public async Task A_path_that_is_missing_is_no_other_path(string argument)
    {
        HookRun run = await Run(HookVariables.For("http://127.0.0.1:9", ("MTX_PATH", null)), argument);

        Assert.EndsWith(": MTX_PATH is not set", run.ShouldFailWith(2).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    // An always-available path that shows its slate: MediaMTX runs its hook without a source.
    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    public async Task Where_nobody_publishes_there_is_nothing_to_tell(string? sourceType, string? sourceId)
    {
        await using RawServer server = RawServer.Refusing(202, "{}");
        Dictionary<string, string?> variables = HookVariables.For(server.Url, ("MTX_SOURCE_TYPE", sourceType), ("MTX_SOURCE_ID", sourceId), ("MTX_QUERY", ""));

        foreach (string kind in new[] { "ready", "not-ready" })
        {
            (await Run(variables, kind)).ShouldBeSilentSuccess();
        }

        Assert.Equal(0, server.Accepted);
    }

    [Theory]
    [InlineData("media 1")]
    [InlineData("media/1")]
    [InlineData("médias")]
    [InlineData("a\n")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task A_node_that_is_no_name_is_an_error_of_its_variable(string node)
    {
        await using RawServer server = RawServer.Refusing(202, "{}");

        HookRun run = await Run(HookVariables.For(server.Url, ("STREAMS_NODE", node)), "ready");

        Assert.Contains(": STREAMS_NODE is not ", run.ShouldFailWith(2).GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(0, server.Accepted);
    }

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("localhost")]
    [InlineData("/v1")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData($"http://me:{Secret}@127.0.0.1:1")]
    [InlineData($"http://127.0.0.1:1/?token={Secret}")]
    [InlineData($"http://127.0.0.1:1/#{Secret}")]
    public async Task A_receiver_that_is_no_base_address_is_named_but_not_shown(string receiver)
    {
        HookRun run = await Run(HookVariables.For(receiver), "ready");

        Assert.Contains(": ORCHESTRATOR_URL is not ", run.ShouldFailWith(2).GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"{Secret}\r\nX-Evil: 1")]
    [InlineData($"{Secret} {Secret}")]
    [InlineData($"{Secret}é")]
    public async Task A_token_that_no_header_carries_is_named_but_not_shown(string token)
    {
        await using RawServer server = RawServer.Refusing(202, "{}");

        HookRun run = await Run(HookVariables.For(server.Url, ("ORCHESTRATOR_TOKEN", token)), "ready");

        Assert.Contains(": ORCHESTRATOR_TOKEN has ", run.ShouldFailWith(2).GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task An_empty_token_is_none()
    {
        await using RawServer server = RawServer.Refusing(202, "{}");

        (await Run(HookVariables.For(server.Url, ("ORCHESTRATOR_TOKEN", "")), "ready")).ShouldBeSilentSuccess();

        Assert.Null((await server.Request).Header("Authorization"));
    }

    [Theory]
    [InlineData]
    [InlineData("Ready")]
    [InlineData("ready", "now")]
    [InlineData("--what\n")]
    public async Task Other_arguments_are_refused(params string[] arguments)
    {
        HookRun run = await Run(HookVariables.For("http://127.0.0.1:1"), arguments);

        Assert.Contains("expects one argument: ready, not-ready", run.ShouldFailWith(2).GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "Usage: mtx-hook ready | not-ready")]
    [InlineData("-h", "Usage: mtx-hook ready | not-ready")]
    [InlineData("--version", "mtx-hook 0.")]
    public async Task Help_and_version_go_to_standard_output(string argument, string beginning)
    {
        HookRun run = await Run([], argument);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith(beginning, run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Output, StringComparison.Ordinal);
    }
}

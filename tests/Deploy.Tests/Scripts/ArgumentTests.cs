using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>What is typed behind make publish, play and logs.</summary>
public sealed class ArgumentTests : IAsyncLifetime
{
    private readonly RunFolder _run = new();

    public static TheoryData<string> BadStreams => ["", "a b", "live/demo", "../demo", "demo;id", "$(id)", "dé", "a\nb", new string('x', 65)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [MemberData(nameof(BadStreams))]
    public async Task A_stream_that_is_no_stream_id_is_refused(string stream)
    {
        _run.Environment["STREAM"] = stream;

        ScriptRun publish = (await _run.Script("publish", stream)).Failed();
        ScriptRun play = (await _run.Script("play", stream)).Failed();

        Assert.Contains("is no stream id", publish.Error, StringComparison.Ordinal);
        Assert.Contains("is no stream id", play.Error, StringComparison.Ordinal);
        if (stream.Length > 0)
        {
            Assert.Contains("is no stream id", (await _run.Script("logs")).Failed().Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0", "")]
    [InlineData("101", "")]
    [InlineData("five", "")]
    [InlineData("", "0")]
    [InlineData("", "-1")]
    [InlineData("", "1.5")]
    [InlineData("", "99999999999999999999")]
    public async Task A_count_or_time_out_of_range_is_refused(string count, string seconds)
    {
        ScriptRun publish = (await _run.Script("publish", "demo", count, seconds)).Failed();

        Assert.Contains(count.Length > 0 ? "N=" : "SECONDS=", publish.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_grows_too_long_with_its_number_is_refused()
    {
        ScriptRun publish = (await _run.Script("publish", new string('x', 63), "2")).Failed();

        Assert.Contains("is no stream id", publish.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_without_a_running_MediaMTX_says_what_to_type()
    {
        ScriptRun publish = (await _run.Script("publish", "demo")).Failed();

        Assert.Contains("make dev", publish.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_of_another_side_is_refused()
    {
        ScriptRun play = (await _run.Script("play", "demo", "both")).Failed();

        Assert.Contains("neither in nor out", play.Error, StringComparison.Ordinal);
    }
}

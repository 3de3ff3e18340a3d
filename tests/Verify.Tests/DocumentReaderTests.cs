using Streams.Verify.Documents;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>How blocks of commands are found in Markdown, and how their marks are understood.</summary>
public sealed class DocumentReaderTests
{
    [Fact]
    public void A_block_has_its_commands_its_line_and_its_mark()
    {
        CommandBlock block = Assert.Single(Read("# A\n\n<!-- verify: run -->\n```sh\nmake dev\nmake ps\n```\n"));

        Assert.Equal(("make dev\nmake ps", 4), (block.Commands, block.Line));
        Assert.Equal(new BlockMark.Run(BlockMark.DefaultLimit), block.Mark);
    }

    [Fact]
    public void Of_a_session_only_what_follows_the_prompts_is_typed() =>
        Assert.Equal("make dev\nmake ps", Assert.Single(Read("```console\n$ make dev\nStarted: silo.\n\n$ make ps\n```\n")).Commands);

    [Fact]
    public void Other_languages_are_no_commands() => Assert.Empty(Read("```json\n{}\n```\n\n```text\nmake dev\n```\n"));

    [Fact]
    public void A_block_in_a_list_is_found_with_its_mark() =>
        Assert.Equal(new BlockMark.Skip("no need"), Assert.Single(Read("- one\n\n  <!-- verify: skip, no need -->\n  ```sh\n  make dev\n  ```\n")).Mark);

    [Theory]
    [InlineData("```sh\nmake dev\n```\n")]
    [InlineData("<!-- a remark -->\n```sh\nmake dev\n```\n")]
    [InlineData("<!-- verify: run -->\n\nText between.\n\n```sh\nmake dev\n```\n")]
    public void A_block_without_a_comment_right_before_it_has_no_mark(string markdown) => Assert.Null(Assert.Single(Read(markdown)).Mark);

    [Theory]
    [InlineData("```\nmake dev\n```\n", "does not say its language")]
    [InlineData("```console\nmake dev\n```\n", "without a prompt")]
    [InlineData("<!-- verify: soon -->\n```sh\nmake dev\n```\n", "none of: run")]
    public void What_cannot_be_understood_is_named_with_its_place(string markdown, string reason)
    {
        string message = Assert.Throws<FormatException>(() => Read(markdown)).Message;

        Assert.StartsWith("a.md:", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_mark_is_understood()
    {
        Assert.Equal(new BlockMark.Run(TimeSpan.FromSeconds(300)), BlockMark.Parse("<!-- verify: run within 300 s -->"));
        Assert.Equal(new BlockMark.Run(BlockMark.DefaultLimit) { IsLast = true }, BlockMark.Parse("<!-- verify: run last -->"));
        Assert.Equal(new BlockMark.RunFor(TimeSpan.FromSeconds(10)), BlockMark.Parse("<!--verify: run for 10 s-->"));
        Assert.Equal(new BlockMark.Start("live/demo/out"), BlockMark.Parse("<!-- verify: start until live/demo/out -->"));
        Assert.Equal(new BlockMark.Skip("it needs a GPU"), BlockMark.Parse("<!-- verify: skip, it needs a GPU -->"));
        Assert.Null(BlockMark.Parse("<!-- verified by hand -->"));
    }

    [Theory]
    [InlineData("<!-- verify: skip -->")]
    [InlineData("<!-- verify: run for ever -->")]
    [InlineData("<!-- verify: start until it works -->")]
    [InlineData("<!-- verify: -->")]
    public void A_mark_that_says_too_little_is_refused(string comment) => Assert.Throws<FormatException>(() => BlockMark.Parse(comment));

    [Fact]
    public void The_ports_of_a_run_take_the_place_of_the_documented_ones()
    {
        DocumentedPorts ports = new(new Dictionary<int, int> { [8080] = 18080, [1935] = 11935 });

        Assert.Equal(
            "curl http://127.0.0.1:18080/v1 rtmp://localhost:11935/live/demo/in http://a:19350 --time=1935",
            ports.In("curl http://127.0.0.1:8080/v1 rtmp://localhost:1935/live/demo/in http://a:19350 --time=1935"));
        Assert.False(ports.AreDefault);
        Assert.True(new DocumentedPorts(new Dictionary<int, int> { [8080] = 8080 }).AreDefault);
    }

    private static IReadOnlyList<CommandBlock> Read(string markdown) => DocumentReader.Read("a.md", markdown);
}

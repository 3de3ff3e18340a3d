using Xunit;

namespace Streams.Grains.Tests;

public sealed class StreamPathTests
{
    [Theory]
    [InlineData("live/demo/in", "demo", PathRole.Input)]
    [InlineData("live/A-b_9/out", "A-b_9", PathRole.Output)]
    public void A_path_of_a_stream_is_read_and_written_back(string text, string id, PathRole role)
    {
        Assert.True(StreamPath.TryParse(text, out StreamPath path));
        Assert.Equal(StreamId.Parse(id), path.StreamId);
        Assert.Equal(role, path.Role);
        Assert.Equal(text, path.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("live/")]
    [InlineData("live/in")]
    [InlineData("live//in")]
    [InlineData("live/out")]
    [InlineData("live/demo")]
    [InlineData("live/demo/")]
    [InlineData("live/demo/inn")]
    [InlineData("live/demo/IN")]
    [InlineData("Live/demo/in")]
    [InlineData("live/de/mo/in")]
    [InlineData("live/../in")]
    [InlineData("live/dé/in")]
    [InlineData("live/demo/in\n")]
    [InlineData(" live/demo/in")]
    [InlineData("live/0123456789012345678901234567890123456789012345678901234567890123x/in")]
    public void Anything_else_is_refused(string? text) => Assert.False(StreamPath.TryParse(text, out _));
}

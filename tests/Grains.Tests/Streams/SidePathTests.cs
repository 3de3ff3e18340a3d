using Xunit;

namespace Streams.Grains.Tests.Streams;

public sealed class SidePathTests
{
    [Theory]
    [InlineData("live/demo/w7", "demo", 7)]
    [InlineData("live/a_b-c/w9223372036854775807", "a_b-c", long.MaxValue)]
    [InlineData("live/w1/w2", "w1", 2)]
    public void It_is_written_as_it_is_read(string text, string id, long generation)
    {
        Assert.True(SidePath.TryParse(text, out SidePath path));
        Assert.Equal(new SidePath(StreamId.Parse(id), generation), path);
        Assert.Equal(text, path.ToString());
        Assert.False(StreamPath.TryParse(text, out StreamPath _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("live/demo/in")]
    [InlineData("live/demo/out")]
    [InlineData("live/demo/w")]
    [InlineData("live/demo/w0")]
    [InlineData("live/demo/w07")]
    [InlineData("live/demo/w-7")]
    [InlineData("live/demo/w7x")]
    [InlineData("live/demo/w92233720368547758070")]
    [InlineData("live//w7")]
    [InlineData("live/w7")]
    [InlineData("live/a/b/w7")]
    [InlineData("other/demo/w7")]
    public void Others_are_none(string? text) => Assert.False(SidePath.TryParse(text, out SidePath _));
}

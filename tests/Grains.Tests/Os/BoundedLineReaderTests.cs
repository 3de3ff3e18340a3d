using System.Text;
using Xunit;

namespace Streams.Grains.Tests.Os;

public sealed class BoundedLineReaderTests
{
    [Fact]
    public async Task Lines_are_split_at_each_kind_of_end_and_blank_ones_are_left_out() =>
        Assert.Equal(["one", "two", "three", "four"], await Read("one\ntwo\r\n\n  \nthree\rfour"));

    [Fact]
    public async Task A_line_without_end_is_cut_and_read_to_its_end()
    {
        List<string> lines = await Read(new string('x', 1_000_000) + "\nnext");
        Assert.Equal(2, lines.Count);
        Assert.Equal(BoundedLineReader.MaxLine, lines[0].Count(static c => c == 'x'));
        Assert.Equal("next", lines[1]);
    }

    [Theory]
    [InlineData("é", 1)]
    [InlineData("€", 1)]
    [InlineData("€", 2)]
    [InlineData("\U0001F600", 1)]
    [InlineData("\U0001F600", 3)]
    public async Task A_cut_never_splits_a_character(string last, int bytesBeforeTheCut)
    {
        string head = new('x', BoundedLineReader.MaxLine - bytesBeforeTheCut);
        Assert.Equal([head, "next"], await Read(head + last + "more\nnext"));
        string whole = new string('x', BoundedLineReader.MaxLine - Encoding.UTF8.GetByteCount(last)) + last;
        Assert.Equal([whole], await Read(whole + last));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        List<string> lines = [];
        await BoundedLineReader.ReadLines(new MemoryStream([0xff, 0xfe, (byte)'a', 0xc3, (byte)'\n']), lines.Add);
        Assert.Single(lines);
    }

    private static async Task<List<string>> Read(string text)
    {
        List<string> lines = [];
        await BoundedLineReader.ReadLines(new MemoryStream(Encoding.UTF8.GetBytes(text)), lines.Add);
        return lines;
    }
}

using Streams.Measuring.Tables;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>The tables of both reports.</summary>
public sealed class MarkdownTableTests
{
    [Fact]
    public void Columns_are_aligned_and_a_bar_in_a_cell_is_no_border() =>
        Assert.Equal(
            "| id  | what |\n| --- | ---- |\n| 1   | a\\|b |\n",
            MarkdownTable.Of(["id", "what"], [["1", "a|b"]]));

    [Fact]
    public void A_column_without_a_value_is_omitted_where_that_is_wanted()
    {
        string[][] rows = [["a", "", "c"], ["d", "", ""]];

        Assert.Equal("| one | three |\n| --- | ----- |\n| a   | c     |\n| d   |       |\n", MarkdownTable.Of(["one", "two", "three"], rows, omitsEmpty: true));
        Assert.StartsWith("| one | two | three |\n", MarkdownTable.Of(["one", "two", "three"], rows), StringComparison.Ordinal);
    }
}

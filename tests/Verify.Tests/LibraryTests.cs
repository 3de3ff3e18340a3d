using Streams.Verify.Documents;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>The documents themselves: every block of commands says how make verify runs it.</summary>
public sealed class LibraryTests
{
    public static TheoryData<string> Documents => [.. Library.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_block_of_commands_is_marked(string document)
    {
        IReadOnlyList<CommandBlock> blocks = Library.Read(document);

        Assert.NotEmpty(blocks);
        Assert.All(blocks, static block => Assert.True(block.Mark is not null, $"{block}: put <!-- verify: ... --> before it; the words are in BlockMark.cs"));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Most_blocks_are_run(string document) =>
        Assert.Contains(Library.Read(document), static block => block.Mark is not BlockMark.Skip);
}

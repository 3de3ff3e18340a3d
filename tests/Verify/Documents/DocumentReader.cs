using Markdig;
using Markdig.Syntax;

namespace Streams.Verify.Documents;

/// <summary>Finds the blocks of commands in a Markdown document.</summary>
internal static class DocumentReader
{
    private const string Prompt = "$ ";

    /// <summary>The blocks in <c>sh</c> and <c>console</c>; the latter are sessions, whose commands follow a prompt.</summary>
    /// <param name="document">Its name, for messages.</param>
    /// <param name="markdown">Its text.</param>
    /// <exception cref="FormatException">A mark cannot be understood, a block does not say its language, or a session has no command.</exception>
    public static IReadOnlyList<CommandBlock> Read(string document, string markdown)
    {
        List<CommandBlock> blocks = [];
        foreach (FencedCodeBlock code in Markdown.Parse(markdown).Descendants<FencedCodeBlock>())
        {
            int line = code.Line + 1;
            if (string.IsNullOrEmpty(code.Info))
            {
                throw new FormatException($"{document}:{line}: a block that does not say its language; sh or console for commands, text for anything else.");
            }

            if (code.Info is "sh" or "console")
            {
                blocks.Add(new CommandBlock(document, line, CommandsOf(code, document, line), MarkBefore(code, document, line)));
            }
        }

        return blocks;
    }

    private static string CommandsOf(FencedCodeBlock code, string document, int line)
    {
        string text = code.Lines.ToString();
        if (code.Info == "sh")
        {
            return text;
        }

        string[] commands = [.. text.Split('\n').Where(static shown => shown.StartsWith(Prompt, StringComparison.Ordinal)).Select(static shown => shown[Prompt.Length..])];
        return commands.Length > 0 ? string.Join('\n', commands) : throw new FormatException($"{document}:{line}: a session without a prompt ('{Prompt}').");
    }

    private static BlockMark? MarkBefore(FencedCodeBlock code, string document, int line)
    {
        int index = code.Parent!.IndexOf(code);
        try
        {
            return index > 0 && code.Parent[index - 1] is HtmlBlock comment ? BlockMark.Parse(comment.Lines.ToString()) : null;
        }
        catch (FormatException unclear)
        {
            throw new FormatException($"{document}:{line}: {unclear.Message}", unclear);
        }
    }
}

using System.Text;

namespace MediaMtx.Standin.Hooks;

/// <summary>Splits a hook's command into words as a shell would, without running one: quotes, backslashes, and then variables.</summary>
internal static class HookCommandLine
{
    /// <summary>Splits a command.</summary>
    /// <param name="command">The command of the configuration.</param>
    /// <param name="variable">The value of an environment variable; empty when there is none.</param>
    /// <exception cref="FormatException">A quote is not closed, or a backslash stands at the end.</exception>
    public static IReadOnlyList<string> Split(string command, Func<string, string> variable)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool inWord = false;
        for (int at = 0; at < command.Length; at++)
        {
            char c = command[at];
            if (c is ' ' or '\t' or '\n')
            {
                Finish(words, word, ref inWord);
                continue;
            }

            inWord = true;
            switch (c)
            {
                case '\'':
                    at = Single(command, at, word);
                    break;
                case '"':
                    at = Double(command, at, word);
                    break;
                case '\\' when at + 1 == command.Length:
                    throw new FormatException("Unterminated backslash-escape");
                case '\\':
                    at++;
                    word.Append(command[at] == '\n' ? "" : command[at].ToString());
                    break;
                default:
                    word.Append(c);
                    break;
            }
        }

        Finish(words, word, ref inWord);
        return [.. words.Select(text => Expand(text, variable))];
    }

    private static void Finish(List<string> words, StringBuilder word, ref bool inWord)
    {
        if (inWord)
        {
            words.Add(word.ToString());
        }

        word.Clear();
        inWord = false;
    }

    private static int Single(string command, int at, StringBuilder word)
    {
        int end = command.IndexOf('\'', at + 1);
        if (end < 0)
        {
            throw new FormatException("Unterminated single-quoted string");
        }

        word.Append(command, at + 1, end - at - 1);
        return end;
    }

    private static int Double(string command, int at, StringBuilder word)
    {
        for (at++; at < command.Length && command[at] != '"'; at++)
        {
            if (command[at] == '\\' && at + 1 < command.Length && "$`\"\\\n".Contains(command[at + 1], StringComparison.Ordinal))
            {
                at++;
                if (command[at] == '\n')
                {
                    continue;
                }
            }

            word.Append(command[at]);
        }

        return at < command.Length ? at : throw new FormatException("Unterminated double-quoted string");
    }

    private static string Expand(string text, Func<string, string> variable)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder expanded = new();
        for (int at = 0; at < text.Length; at++)
        {
            int start = at + 1;
            bool braced = start < text.Length && text[start] == '{';
            int end = start + (braced ? 1 : 0);
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            int nameStart = start + (braced ? 1 : 0);
            bool closed = !braced || (end < text.Length && text[end] == '}');
            if (text[at] != '$' || end == nameStart || !closed)
            {
                expanded.Append(text[at]);
                continue;
            }

            expanded.Append(variable(text[nameStart..end]));
            at = braced ? end : end - 1;
        }

        return expanded.ToString();
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Verify.Documents;

/// <summary>
/// How to run a block of commands, as an HTML comment before the block says:
/// <c>verify: run</c>, <c>verify: run within 300 s</c>, <c>verify: run for 10 s</c> (it has no end of its own: Ctrl-C after that),
/// <c>verify: run last</c> (Ctrl-C in the other terminals first), <c>verify: start until live/demo/out</c> (a terminal of its own, until the document's end; go on when the path is available),
/// <c>verify: skip, REASON</c>.
/// </summary>
internal abstract partial record BlockMark
{
    /// <summary>Timeout of a block whose mark has none.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    private BlockMark()
    {
    }

    /// <summary>Run it to its end.</summary>
    /// <param name="Within">Timeout, after which it has failed.</param>
    public sealed record Run(TimeSpan Within) : BlockMark
    {
        /// <summary>Whether the commands in the other terminals are interrupted before.</summary>
        public bool IsLast { get; init; }
    }

    /// <summary>Run it and interrupt it after a time; it fails when its commands fail before.</summary>
    public sealed record RunFor(TimeSpan Time) : BlockMark;

    /// <summary>Start it, and leave it running until the document ends.</summary>
    /// <param name="Until">The path that is available when it works.</param>
    public sealed record Start(string Until) : BlockMark;

    /// <summary>Do not run it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Skip(string Reason) : BlockMark;

    /// <summary>Parses a comment; null when it is no mark.</summary>
    /// <exception cref="FormatException">It is a mark that cannot be understood.</exception>
    public static BlockMark? Parse(string comment)
    {
        Match mark = Comment().Match(comment);
        if (!mark.Success)
        {
            return null;
        }

        string text = mark.Groups[1].Value;
        Match words = Words().Match(text);
        return words switch
        {
            _ when text == "run" => new Run(DefaultLimit),
            _ when text == "run last" => new Run(DefaultLimit) { IsLast = true },
            { Success: true } when words.Groups["within"].Success => new Run(Seconds(words.Groups["within"])),
            { Success: true } when words.Groups["for"].Success => new RunFor(Seconds(words.Groups["for"])),
            { Success: true } when words.Groups["until"].Success => new Start(words.Groups["until"].Value),
            { Success: true } => new Skip(words.Groups["reason"].Value),
            _ => throw new FormatException($"'verify: {text}' is none of: run, run within N s, run for N s, run last, start until PATH, skip, REASON."),
        };
    }

    private static TimeSpan Seconds(Group number) => TimeSpan.FromSeconds(int.Parse(number.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\A\s*<!--\s*verify:\s*(.*?)\s*-->\s*\z", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\A(?:run within (?<within>\d{1,4}) s|run for (?<for>\d{1,3}) s|start until (?<until>live/[A-Za-z0-9_-]+/(?:in|out))|skip, (?<reason>\S.*))\z")]
    private static partial Regex Words();
}

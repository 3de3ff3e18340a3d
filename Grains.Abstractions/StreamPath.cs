using System.Diagnostics.CodeAnalysis;

namespace Streams;

/// <summary>The role of a stream's path: input or output.</summary>
public enum PathRole
{
    /// <summary><c>live/&lt;id&gt;/in</c>: what the broadcaster publishes and the worker reads.</summary>
    Input,

    /// <summary><c>live/&lt;id&gt;/out</c>: what the worker publishes and the audience reads.</summary>
    Output,
}

/// <summary>A MediaMTX path that belongs to a stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Role">Which of its paths.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamPath")]
public readonly record struct StreamPath([property: Id(0)] StreamId StreamId, [property: Id(1)] PathRole Role)
{
    /// <summary>The pattern as a regular expression, for documents and error messages.</summary>
    public const string Pattern = "^live/[A-Za-z0-9_-]{1,64}/(in|out)$";

    private const string Prefix = "live/";
    private const string InputSuffix = "/in";
    private const string OutputSuffix = "/out";

    /// <summary>Parses a path as MediaMTX names it; false for anything that does not match <see cref="Pattern"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StreamPath path)
    {
        path = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        (PathRole role, string suffix) = text.EndsWith(OutputSuffix, StringComparison.Ordinal)
            ? (PathRole.Output, OutputSuffix)
            : (PathRole.Input, InputSuffix);
        if (!text.EndsWith(suffix, StringComparison.Ordinal) || text.Length <= Prefix.Length + suffix.Length)
        {
            return false;
        }

        if (!StreamId.TryParse(text[Prefix.Length..^suffix.Length], out StreamId id))
        {
            return false;
        }

        path = new StreamPath(id, role);
        return true;
    }

    /// <summary>The path as MediaMTX names it, for example <c>live/demo/in</c>.</summary>
    public override string ToString() => Prefix + StreamId.Value + (Role == PathRole.Output ? OutputSuffix : InputSuffix);
}

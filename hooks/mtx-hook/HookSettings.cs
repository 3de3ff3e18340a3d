using System.Buffers;

namespace Streams.Hooks;

/// <summary>The validated settings of a run, read from the environment.</summary>
/// <param name="Path">MTX_PATH.</param>
/// <param name="SourceType">MTX_SOURCE_TYPE.</param>
/// <param name="SourceId">MTX_SOURCE_ID; empty when it is not set, as for sources that MediaMTX pulls (rtspSource...).</param>
/// <param name="Query">MTX_QUERY without credentials.</param>
/// <param name="Receiver">ORCHESTRATOR_URL: the base address of the API.</param>
/// <param name="Token">ORCHESTRATOR_TOKEN; null when the API needs none.</param>
/// <param name="Node">STREAMS_NODE: the media server's name; null when it has none.</param>
internal sealed record HookSettings(
    string Path, string SourceType, string SourceId, string Query, Uri Receiver, string? Token, string? Node)
{
    private const int MaxNodeLength = 64;
    private const int MaxStreamLength = 64;

    private static readonly string[] Required = ["MTX_PATH", "MTX_SOURCE_TYPE", "ORCHESTRATOR_URL"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>
    /// Whether the path is available without a publisher. MediaMTX runs the hooks of an always-available path without MTX_SOURCE_* when it
    /// begins to show its slate: there is no source to report.
    /// </summary>
    /// <param name="environment">The value of a variable, or null.</param>
    internal static bool HasNoSource(Func<string, string?> environment) =>
        !string.IsNullOrEmpty(environment("MTX_PATH"))
        && string.IsNullOrEmpty(environment("MTX_SOURCE_TYPE"))
        && string.IsNullOrEmpty(environment("MTX_SOURCE_ID"));

    /// <summary>
    /// Whether the path belongs to a stream, <c>live/STREAM/in</c> or <c>live/STREAM/out</c>. Also true when MTX_PATH is missing, so that the
    /// error is reported.
    /// </summary>
    /// <param name="environment">The value of a variable, or null.</param>
    internal static bool IsOfStream(Func<string, string?> environment) => environment("MTX_PATH")?.Split('/') switch
    {
        null or [""] => true,
        ["live", var stream, "in" or "out"] => stream.Length is > 0 and <= MaxStreamLength && !stream.AsSpan().ContainsAnyExcept(NameCharacters),
        _ => false,
    };

    /// <summary>Reads and validates the environment.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="problem">What is wrong. It names the variable but not its value, which may be a secret.</param>
    /// <returns>The settings, or null when there is a problem.</returns>
    internal static HookSettings? Read(Func<string, string?> environment, out string problem)
    {
        string? node = environment("STREAMS_NODE") is { Length: > 0 } named ? named : null;
        problem = Problem(environment, node, out Uri? receiver, out string? token);
        return problem.Length > 0
            ? null
            : new HookSettings(
                environment("MTX_PATH")!,
                environment("MTX_SOURCE_TYPE")!,
                environment("MTX_SOURCE_ID") ?? "",
                PublisherQuery.Clean(environment("MTX_QUERY")),
                receiver!,
                token,
                node);
    }

    private static string Problem(Func<string, string?> environment, string? node, out Uri? receiver, out string? token)
    {
        receiver = null;
        token = environment("ORCHESTRATOR_TOKEN");
        if (Array.Find(Required, name => string.IsNullOrEmpty(environment(name))) is { } missing)
        {
            return $"{missing} is not set";
        }

        if (!Uri.TryCreate(environment("ORCHESTRATOR_URL"), UriKind.Absolute, out receiver) || !IsBaseAddress(receiver))
        {
            return "ORCHESTRATOR_URL is not a base address such as http://127.0.0.1:8080 "
                + "(http or https, without user, query and fragment)";
        }

        if (string.IsNullOrEmpty(token))
        {
            token = null;
        }

        if (token?.AsSpan().ContainsAnyExceptInRange('!', '~') == true)
        {
            return "ORCHESTRATOR_TOKEN has characters that are not allowed in a header";
        }

        return node is null || (node.Length <= MaxNodeLength && !node.AsSpan().ContainsAnyExcept(NameCharacters))
            ? ""
            : $"STREAMS_NODE is not a name of 1 to {MaxNodeLength} characters of A-Z a-z 0-9 _ -";
    }

    private static bool IsBaseAddress(Uri address) =>
        (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0
        && (address.UserInfo + address.Query + address.Fragment).Length == 0;
}

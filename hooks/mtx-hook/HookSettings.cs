namespace Streams.Hooks;

/// <summary>What the environment says, checked.</summary>
/// <param name="Path">MTX_PATH.</param>
/// <param name="SourceType">MTX_SOURCE_TYPE.</param>
/// <param name="SourceId">MTX_SOURCE_ID.</param>
/// <param name="Query">MTX_QUERY without credentials.</param>
/// <param name="Receiver">ORCHESTRATOR_URL: the base address of the API.</param>
/// <param name="Token">ORCHESTRATOR_TOKEN; null when the API asks for none.</param>
internal sealed record HookSettings(
    string Path, string SourceType, string SourceId, string Query, Uri Receiver, string? Token)
{
    private static readonly string[] Required = ["MTX_PATH", "MTX_SOURCE_TYPE", "MTX_SOURCE_ID", "ORCHESTRATOR_URL"];

    /// <summary>Reads the environment.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="problem">What is wrong, naming the variable but not its value, which may be a secret.</param>
    /// <returns>The settings, or null when there is a problem.</returns>
    internal static HookSettings? Read(Func<string, string?> environment, out string problem)
    {
        problem = Problem(environment, out Uri? receiver, out string? token);
        return problem.Length > 0
            ? null
            : new HookSettings(
                environment("MTX_PATH")!,
                environment("MTX_SOURCE_TYPE")!,
                environment("MTX_SOURCE_ID")!,
                PublisherQuery.Clean(environment("MTX_QUERY")),
                receiver!,
                token);
    }

    private static string Problem(Func<string, string?> environment, out Uri? receiver, out string? token)
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

        return token?.AsSpan().ContainsAnyExceptInRange('!', '~') == true
            ? "ORCHESTRATOR_TOKEN has characters that a header cannot carry"
            : "";
    }

    private static bool IsBaseAddress(Uri address) =>
        (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0
        && (address.UserInfo + address.Query + address.Fragment).Length == 0;
}

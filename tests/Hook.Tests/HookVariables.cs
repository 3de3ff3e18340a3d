namespace Streams.Hook.Tests;

/// <summary>Environments as MediaMTX sets them.</summary>
public static class HookVariables
{
    /// <summary>Every variable that the hook reads: a run has no other value of it than the test's.</summary>
    public static readonly string[] All =
        ["MTX_PATH", "MTX_QUERY", "MTX_SOURCE_TYPE", "MTX_SOURCE_ID", "ORCHESTRATOR_URL", "ORCHESTRATOR_TOKEN", "STREAMS_NODE"];

    /// <summary>A publish of <c>live/demo/in</c>, with changes.</summary>
    /// <param name="receiver">ORCHESTRATOR_URL.</param>
    /// <param name="changes">Other values; null removes a variable.</param>
    public static Dictionary<string, string?> For(string? receiver, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> variables = new()
        {
            ["MTX_PATH"] = "live/demo/in",
            ["MTX_QUERY"] = "lang%3Des%26x%3Da%2520b",
            ["MTX_SOURCE_TYPE"] = "rtmpConn",
            ["MTX_SOURCE_ID"] = "31aa777e-fa1a-4f7a-8e71-b3365dac24ff",
            ["ORCHESTRATOR_URL"] = receiver,
        };
        foreach ((string name, string? value) in changes)
        {
            variables[name] = value;
        }

        return variables;
    }
}

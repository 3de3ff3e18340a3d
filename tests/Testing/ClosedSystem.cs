namespace Streams.Testing;

/// <summary>The settings of a system that is open to nobody without a token or a key.</summary>
public static class ClosedSystem
{
    public const string OperatorToken = "operator-token-0123456789";
    public const string PublishKey = "publish-key-0123456789";
    public const string ReadKey = "read-key-0123456789";

    public const string HookToken = "hook-token-0123456789";

    public static Dictionary<string, string> Silo(Dictionary<string, string>? more) => new(more ?? [])
    {
        ["Streams__Access__Tokens__0__Role"] = "operator",
        ["Streams__Access__Tokens__0__Name"] = "tester",
        ["Streams__Access__Tokens__0__Token"] = OperatorToken,
        ["Streams__Access__Tokens__1__Role"] = "hook",
        ["Streams__Access__Tokens__1__Name"] = "mtx-hook",
        ["Streams__Access__Tokens__1__Token"] = HookToken,
        ["Streams__Media__Auth"] = "http",
        ["Streams__MediaAuth__DefaultPublishKey"] = PublishKey,
        ["Streams__MediaAuth__ReadKey"] = ReadKey,
    };

    public static Dictionary<string, string> Media(int apiPort) => new()
    {
        ["MTX_AUTHMETHOD"] = "http",
        ["MTX_AUTHHTTPADDRESS"] = $"http://mtx-hook:{HookToken}@127.0.0.1:{apiPort}/v1/mediamtx/auth",
        ["ORCHESTRATOR_TOKEN"] = HookToken,
    };
}

namespace Streams.Hook.Tests;

public sealed class NativeHookContractTests(NativeHook hook) : HookContract
{
    protected override Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments) =>
        hook.Run(variables, arguments);
}

public sealed class NativeUsageTests(NativeHook hook) : UsageContract
{
    protected override Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments) =>
        hook.Run(variables, arguments);
}

public sealed class NativeHostileServerTests(NativeHook hook) : HostileServerContract
{
    protected override Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments) =>
        hook.Run(variables, arguments);
}

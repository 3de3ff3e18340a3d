namespace Streams.Hook.Tests;

public sealed class InProcessHookTests : HookContract
{
    protected override Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments) =>
        InProcess.Run(variables, arguments);
}

public sealed class InProcessUsageTests : UsageContract
{
    protected override Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments) =>
        InProcess.Run(variables, arguments);
}

public sealed class InProcessHostileServerTests : HostileServerContract
{
    protected override Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments) =>
        InProcess.Run(variables, arguments);
}

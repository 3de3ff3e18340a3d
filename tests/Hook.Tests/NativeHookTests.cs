using System.Runtime.InteropServices;
using CliWrap;
using CliWrap.Buffered;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Streams.Hook.Tests;

public sealed class NativeHookTests(NativeHook hook)
{
    private const int MaxBytes = 8 * 1024 * 1024;

    [Fact]
    public async Task The_executable_is_below_8_MB() =>
        Assert.InRange(new FileInfo(await hook.Executable).Length, 1, MaxBytes);

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task A_signal_while_the_event_is_under_way_does_not_stop_it(int signal)
    {
        TaskCompletionSource signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = RawServer.Doing(async (socket, cancel) =>
        {
            await signalled.Task.WaitAsync(cancel);
            await socket.SendAsync("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), cancel);
        });
        CommandTask<BufferedCommandResult> running =
            (await hook.Command(HookVariables.For(server.Url), "ready")).ExecuteBufferedAsync();
        await server.Request;

        Assert.Equal(0, Kill(running.ProcessId, signal));
        signalled.SetResult();
        BufferedCommandResult result = await running;

        Assert.Equal((0, ""), (result.ExitCode, result.StandardOutput + result.StandardError));
    }

    [Fact]
    public async Task A_proxy_of_the_environment_gets_nothing()
    {
        await using RawServer proxy = RawServer.Answering("HTTP/1.1 202 Accepted\r\n\r\n");
        await using RawServer server = RawServer.Answering("HTTP/1.1 202 Accepted\r\n\r\n");

        HookRun run = await hook.Run(
            HookVariables.For(server.Url, ("http_proxy", proxy.Url), ("ALL_PROXY", proxy.Url), ("no_proxy", "")), "ready");

        run.ShouldBeSilentSuccess();
        Assert.Equal((0, 1), (proxy.Accepted, server.Accepted));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using RawServer other = RawServer.Answering("HTTP/1.1 202 Accepted\r\n\r\n");
        await using RawServer server = RawServer.Answering($"HTTP/1.1 307 X\r\nLocation: {other.Url}\r\nContent-Length: 0\r\n\r\n");

        HookRun run = await hook.Run(HookVariables.For(server.Url, ("ORCHESTRATOR_TOKEN", "t0ken")), "ready");

        run.ShouldFailWith(1);
        Assert.Equal(0, other.Accepted);
    }

    [Fact]
    public async Task Kestrel_takes_and_refuses_what_it_sends()
    {
        await using WebApplication server = await Kestrel.Start();

        HookRun taken = await hook.Run(HookVariables.For(server.Urls.Single()), "ready");
        HookRun refused = await hook.Run(HookVariables.For(server.Urls.Single(), ("MTX_PATH", "other/path")), "not-ready");

        taken.ShouldBeSilentSuccess();
        Assert.Equal(
            "mtx-hook not-ready other/path: refused: 422 The event breaks its schema",
            refused.ShouldFailWith(1).GetProperty("message").GetString());
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}

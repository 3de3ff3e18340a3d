using System.Net;
using System.Net.Sockets;
using Streams.Testing;
using Xunit;

namespace Streams.Hook.Tests;

/// <summary>How the hook bears receivers that are absent, slow, endless or no HTTP servers.</summary>
public abstract class HostileServerContract
{
    private const string Refusal = "HTTP/1.1 422 No\r\nContent-Type: application/problem+json\r\n";

    // What the kernel buffers on both sides comes on top of what the hook reads.
    private const long FarFewerBytesThanEndless = 32 * 1024 * 1024;

    private static readonly TimeSpan BudgetWithSlack = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Slowly = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the hook to its end.</summary>
    protected abstract Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments);

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::1]:{0}")]
    public async Task Nobody_listening_is_said_at_once_with_address_and_socket_error(string url)
    {
        string receiver = string.Format(null, url, FreePorts.Next());

        HookRun run = await Run(HookVariables.For(receiver), "ready");

        string message = run.ShouldFailWith(3).GetProperty("message").GetString()!;
        Assert.StartsWith($"mtx-hook ready live/demo/in: not reachable: {new Uri(receiver).Authority}: ", message, StringComparison.Ordinal);
        Assert.Matches("ConnectionRefused|AddressNotAvailable|AddressFamilyNotSupported", message);
        Assert.InRange(run.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task A_server_that_accepts_no_connection_is_given_up_within_the_budget()
    {
        // A full backlog: the kernel drops further connection requests without a word.
        using Socket full = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using Socket filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await filler.ConnectAsync(full.LocalEndPoint!);

        HookRun run = await Run(HookVariables.For($"http://{full.LocalEndPoint}"), "ready");

        ShouldTimeOut(run);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_within_the_budget()
    {
        await using RawServer server = RawServer.Silent();

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        ShouldTimeOut(run);
        Assert.Equal(1, server.Accepted);
    }

    [Theory]
    [InlineData("", "H")]
    [InlineData("HTTP/1.1 202 Accepted\r\nX: ", "x")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task An_answer_that_trickles_is_given_up_within_the_budget(string beginning, string part)
    {
        await using RawServer server = RawServer.Endless(beginning, part, Slowly);

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        run.ShouldFailWith(3);
        Assert.InRange(run.Duration, TimeSpan.Zero, BudgetWithSlack);
    }

    [Fact]
    public async Task A_refusal_whose_body_trickles_is_a_refusal_within_the_budget()
    {
        await using RawServer server = RawServer.Endless(Refusal + "\r\n{", " ", Slowly);

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        run.ShouldFailWith(1);
        Assert.InRange(run.Duration, TimeSpan.Zero, BudgetWithSlack);
    }

    [Theory]
    [InlineData("HTTP/1.1 202 Accepted\r\n", "X-More: and more and more and more\r\n", 3)]
    [InlineData("HTTP/1.1 202 Accepted\r\nX-Long: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 3)]
    [InlineData("", "gggggggggggggggggggggggggggggggg", 3)]
    [InlineData(Refusal + "\r\n{\"title\":\"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1)]
    [InlineData("HTTP/1.1 202 Accepted\r\n\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0)]
    public async Task An_endless_answer_is_cut_off(string beginning, string part, int exitCode)
    {
        await using RawServer server = RawServer.Endless(beginning, string.Concat(Enumerable.Repeat(part, 500)));

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.InRange(run.Duration, TimeSpan.Zero, BudgetWithSlack);
        Assert.InRange(server.Sent, 0, FarFewerBytesThanEndless);
        if (exitCode != 0)
        {
            run.ShouldFailWith(exitCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 abc Hello\r\n\r\n")]
    [InlineData("HTTP/1.1 202 Acc")]
    [InlineData("\0\0\0\u0001\r\n\r\n")]
    public async Task What_is_no_http_answer_leaves_the_event_untaken(string answer)
    {
        await using RawServer server = RawServer.Answering(answer);

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        Assert.Contains("not reachable: 127.0.0.1:", run.ShouldFailWith(3).GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_said_and_not_tried_again()
    {
        await using RawServer server = RawServer.Doing((socket, _) =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
            return Task.CompletedTask;
        });

        HookRun run = await Run(HookVariables.For(server.Url), "ready");

        Assert.Contains("ConnectionReset", run.ShouldFailWith(3).GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_server_without_tls_is_no_https_receiver()
    {
        await using RawServer server = RawServer.Endless("HTTP/1.1 400 No\r\n\r\n", "x");

        HookRun run = await Run(HookVariables.For(server.Url.Replace("http:", "https:", StringComparison.Ordinal)), "ready");

        run.ShouldFailWith(3);
        Assert.InRange(run.Duration, TimeSpan.Zero, BudgetWithSlack);
    }

    private static void ShouldTimeOut(HookRun run)
    {
        Assert.EndsWith(": no answer within 2 s", run.ShouldFailWith(3).GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.InRange(run.Duration, TimeSpan.FromSeconds(1.9), BudgetWithSlack);
    }
}

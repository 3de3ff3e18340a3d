using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streams.Hook.Tests;

/// <summary>An HTTP server as bad as a test wants it: it reads the request and then does what it was told.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly TaskCompletionSource<ReceivedRequest> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Socket, CancellationToken, Task> _answer;
    private readonly Task _accepting;
    private int _accepted;
    private long _sent;

    private RawServer(Func<Socket, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>ORCHESTRATOR_URL of this server.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>How many connections came.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many bytes an endless answer got rid of.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>The first request, once it is here.</summary>
    public Task<ReceivedRequest> Request => _first.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Answers every request with this text and closes.</summary>
    public static RawServer Answering(string answer) => new(async (socket, cancel) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(answer), cancel));

    /// <summary>Answers with a status and a problem of JSON.</summary>
    public static RawServer Refusing(int status, string problem) => Answering(
        $"HTTP/1.1 {status} No\r\nContent-Type: application/problem+json\r\nContent-Length: {Encoding.UTF8.GetByteCount(problem)}\r\n\r\n{problem}");

    /// <summary>Does what it is told with the connection, which closes after it.</summary>
    public static RawServer Doing(Func<Socket, CancellationToken, Task> answer) => new(answer);

    /// <summary>Never answers.</summary>
    public static RawServer Silent() => new((_, cancel) => Task.Delay(Timeout.Infinite, cancel));

    /// <summary>Begins an answer, and repeats a part of it for ever, as fast as it is read or slowly.</summary>
    public static RawServer Endless(string beginning, string part, TimeSpan pause = default)
    {
        RawServer? server = null;
        return server = new(async (socket, cancel) =>
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(beginning), cancel);
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            while (true)
            {
                Interlocked.Add(ref server!._sent, await socket.SendAsync(bytes, cancel));
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, cancel);
                }
            }
        });
    }

    /// <summary>Lets everything go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(Serve(socket));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                using NetworkStream stream = new(socket);
                if (await ReceivedRequest.Read(stream, _stop.Token) is { } request)
                {
                    _first.TrySetResult(request);
                    await _answer(socket, _stop.Token);
                }
            }
            catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException)
            {
                // The hook left, which is what many of these servers provoke, or the test is over.
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace MediaMtx.Standin.Net;

/// <summary>
/// A TCP connection with MediaMTX's time limits, byte counts and reasons for its end. Reading belongs to one task; writing is
/// open to all, one message at a time.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int BufferSize = 32 * 1024;
    private readonly Socket _socket;
    private readonly TimeSpan _writeTimeout;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _readLimit = new();
    private readonly CancellationTokenSource _readStop;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private long _received;
    private long _sent;

    public Connection(Socket socket, TimeSpan readTimeout, TimeSpan writeTimeout)
    {
        _socket = socket;
        _writeTimeout = writeTimeout;
        ReadTimeout = readTimeout;
        _readStop = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, _readLimit.Token);
        IPEndPoint remote = (IPEndPoint)(socket.RemoteEndPoint ?? throw new SocketException((int)SocketError.NotConnected));
        Remote = remote.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(remote.Address.MapToIPv4(), remote.Port) : remote;
    }

    public IPEndPoint Remote { get; }

    /// <summary>How long a read may find nothing; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan ReadTimeout { get; set; }

    public long Received => Interlocked.Read(ref _received);

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Cancelled when somebody else wants the connection to end.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Ends the connection soon. It returns at once and runs nobody's code in the caller.</summary>
    public void Terminate() => _ = _closing.CancelAsync();

    /// <summary>What has been received and not yet taken.</summary>
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    public void Skip(int count) => _start += count;

    /// <summary>Waits until at least this much is <see cref="Available"/>.</summary>
    /// <exception cref="EndOfStreamException">The peer has closed.</exception>
    public ValueTask Require(int count) => _end - _start >= count ? ValueTask.CompletedTask : Fill(count);

    /// <summary>Waits until more is available than was.</summary>
    public ValueTask More() => Fill(_end - _start + 1);

    /// <summary>Takes exactly as much as the target holds.</summary>
    public async ValueTask ReadExactly(Memory<byte> target)
    {
        int buffered = Math.Min(target.Length, _end - _start);
        _buffer.AsMemory(_start, buffered).CopyTo(target);
        _start += buffered;
        for (target = target[buffered..]; !target.IsEmpty;)
        {
            target = target[await Receive(target)..];
        }
    }

    /// <summary>Sends, after whatever else is being sent.</summary>
    /// <exception cref="IOException">It took too long, or the peer is gone.</exception>
    public async ValueTask Send(ReadOnlyMemory<byte> data)
    {
        await _writing.WaitAsync(_closing.Token);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        limit.CancelAfter(_writeTimeout);
        try
        {
            while (!data.IsEmpty)
            {
                int sent = await _socket.SendAsync(data, SocketFlags.None, limit.Token);
                Interlocked.Add(ref _sent, sent);
                data = data[sent..];
            }
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            throw new IOException($"write tcp {Remote}: i/o timeout");
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        // An answer just sent (a refusal) must reach the peer before the end does.
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer is gone already.
        }

        _socket.Dispose();
        _readStop.Dispose();
        _readLimit.Dispose();
    }

    private async ValueTask Fill(int count)
    {
        if (_buffer.Length - _start < count)
        {
            byte[] larger = count > _buffer.Length ? new byte[Math.Max(count, _buffer.Length * 2)] : _buffer;
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            _buffer = larger;
            _end -= _start;
            _start = 0;
        }
        else if (_start == _end)
        {
            _start = _end = 0;
        }

        while (_end - _start < count)
        {
            _end += await Receive(_buffer.AsMemory(_end));
        }
    }

    private async ValueTask<int> Receive(Memory<byte> target)
    {
        _readLimit.CancelAfter(ReadTimeout);
        try
        {
            int count = await _socket.ReceiveAsync(target, SocketFlags.None, _readStop.Token);
            Interlocked.Add(ref _received, count);
            return count > 0 ? count : throw new EndOfStreamException("EOF");
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            throw new IOException($"read tcp {Remote}: i/o timeout");
        }
    }
}

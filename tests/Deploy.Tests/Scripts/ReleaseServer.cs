using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>Stands for the place that MediaMTX's releases are downloaded from: one answer for everything, or none.</summary>
public sealed class ReleaseServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[]? _answer;
    private readonly Task _serving;
    private int _requests;

    private ReleaseServer(byte[]? answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = Serve();
    }

    /// <summary>What MEDIAMTX_RELEASES is set to.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/releases";

    /// <summary>How often it was asked.</summary>
    public int Requests => _requests;

    /// <summary>Answers with a file.</summary>
    public static ReleaseServer Serving(byte[] file) => new([.. Head("200 OK", file.Length), .. file]);

    /// <summary>Answers with a status and no file.</summary>
    public static ReleaseServer Refusing(string status) => new(Head(status, 0));

    /// <summary>Promises a file, sends its beginning, and then nothing more.</summary>
    public static ReleaseServer Stalling() => new([.. Head("200 OK", 1_000_000), .. new byte[1000]]);

    /// <summary>Takes the connection and never answers.</summary>
    public static ReleaseServer Silent() => new(null);

    /// <summary>A release's archive with one file in it.</summary>
    public static byte[] Tarball(string fileName, string content)
    {
        using MemoryStream archive = new();
        using (GZipStream zip = new(archive, CompressionMode.Compress, leaveOpen: true))
        using (TarWriter tar = new(zip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, fileName)
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            });
        }

        return archive.ToArray();
    }

    /// <summary>A file's checksum as the script compares it.</summary>
    public static string Sha256(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private static byte[] Head(string status, int length) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");

    private async Task Serve()
    {
        List<Socket> open = [];
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                open.Add(client);
                Interlocked.Increment(ref _requests);
                if (_answer is null)
                {
                    continue;
                }

                await client.ReceiveAsync(new byte[4096], _stop.Token);
                await client.SendAsync(_answer, _stop.Token);
                if (!_answer.AsSpan().StartsWith("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n"u8))
                {
                    client.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            open.ForEach(static client => client.Dispose());
        }
    }
}

using System.Collections.Concurrent;

namespace Streams.Testing.Cluster;

/// <summary>One silo of a cluster, which its supervisor starts again whenever it has ended, as systemd does.</summary>
public sealed class ClusterSilo : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly TimeSpan _restartAfter;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<SiloEnd> _ends = new();
    private volatile ChildProgram _program;
    private Task _supervising = Task.CompletedTask;

    internal ClusterSilo(string name, int apiPort, IReadOnlyDictionary<string, string> environment, TimeSpan restartAfter)
    {
        Name = name;
        ApiPort = apiPort;
        _environment = environment;
        _restartAfter = restartAfter;
        Api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{apiPort}"), Timeout = TimeSpan.FromSeconds(10) };
        _program = Launch();
        _supervising = Task.Run(Supervise);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The port of its API.</summary>
    public int ApiPort { get; }

    /// <summary>Its API, reached directly.</summary>
    public HttpClient Api { get; }

    /// <summary>Its present process.</summary>
    public ChildProgram Program => _program;

    /// <summary>Its present process's id.</summary>
    public int Pid => _program.Pid;

    /// <summary>Its former lives.</summary>
    public IReadOnlyCollection<SiloEnd> Ends => _ends;

    /// <summary>Whether its process runs and its API answers.</summary>
    public async Task<bool> IsLive()
    {
        try
        {
            using HttpResponseMessage answer = await Api.GetAsync(new Uri("/health/live", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal to its present process.</summary>
    /// <returns>The process's id.</returns>
    public int Signal(int signal)
    {
        ChildProgram program = _program;
        Processes.TrySignal(program.Pid, signal);
        return program.Pid;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _supervising;
        await _program.DisposeAsync();
        Api.Dispose();
        _closing.Dispose();
    }

    private async Task Supervise()
    {
        while (!_closing.IsCancellationRequested)
        {
            int code;
            try
            {
                code = await _program.WaitForEnd(Timeout.InfiniteTimeSpan).WaitAsync(_closing.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _ends.Enqueue(new SiloEnd(_program.Pid, code, TimeProvider.System.GetTimestamp(), _program.Lines));
            await Task.Delay(_restartAfter, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_closing.IsCancellationRequested)
            {
                await _program.DisposeAsync();
                _program = Launch();
            }
        }
    }

    private ChildProgram Launch() => StreamsSystem.RunSilo(new Dictionary<string, string>(_environment));
}

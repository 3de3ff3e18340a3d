using System.Diagnostics;
using System.Globalization;

namespace Streams.Testing;

/// <summary>
/// How much slower than a quiet machine this one is: tests scale by it what they allow, so that other work on the machine fails none. It watches how
/// late short sleeps end, and how many programs want a processor at once.
/// </summary>
public sealed class MachinePace : IAsyncDisposable
{
    private const double MostFactor = 10;
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(10);

    /// <summary>A nap ends so late on a quiet machine too.</summary>
    private static readonly TimeSpan UsualLateness = TimeSpan.FromMilliseconds(2);

    /// <summary>Lateness that doubles what is allowed.</summary>
    private static readonly TimeSpan Doubling = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _closing = new();
    private readonly List<double> _factors = [];
    private readonly Lock _lock = new();
    private readonly Task _watching;

    private MachinePace() => _watching = Task.Run(Look);

    /// <summary>1 on a quiet machine, at most 10: the greater of what was seen in nine of ten looks, and of the mean.</summary>
    public double Factor
    {
        get
        {
            lock (_lock)
            {
                double[] sorted = [.. _factors.Order()];
                return sorted.Length == 0 ? 1 : Math.Clamp(Math.Max(sorted[(sorted.Length - 1) * 9 / 10], sorted.Average()), 1, MostFactor);
            }
        }
    }

    /// <summary>Begins to watch.</summary>
    public static MachinePace Watch() => new();

    /// <summary>What a limit for a quiet machine is on this one, as it was since the watch began.</summary>
    public TimeSpan Scale(TimeSpan limit) => limit * Factor;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watching;
        _closing.Dispose();
    }

    private async Task Look()
    {
        using PeriodicTimer naps = new(Nap);
        while (!_closing.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            await Task.Delay(Nap);
            TimeSpan late = Stopwatch.GetElapsedTime(start) - Nap - UsualLateness;
            double factor = Math.Max(1 + Math.Max(0, late / Doubling), WantedProcessors() / (double)Environment.ProcessorCount);
            lock (_lock)
            {
                _factors.Add(factor);
            }

            await ((Task)naps.WaitForNextTickAsync(_closing.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How many threads run or wait for a processor; 0 where nobody tells.</summary>
    private static int WantedProcessors()
    {
        const string Running = "procs_running ";
        const string File = "/proc/stat";
        string? line = System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).FirstOrDefault(static line => line.StartsWith(Running, StringComparison.Ordinal)) : null;
        return line is null ? 0 : int.Parse(line[Running.Length..], CultureInfo.InvariantCulture);
    }
}

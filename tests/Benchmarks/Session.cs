using System.Diagnostics;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks;

/// <summary>Runs benchmarks one after the other, and ends what one has started before the next.</summary>
internal sealed class Session(string folder, ResultFiles files) : IAsyncDisposable
{
    private Bench _bench = new(folder);
    private bool _isInterrupted;

    /// <summary>Runs benchmarks, prints and saves their results.</summary>
    /// <returns>False when one failed or the session was interrupted.</returns>
    public async Task<bool> Run(IEnumerable<IBenchmark> benchmarks)
    {
        string commit = await Machine.Commit();
        bool isWhole = true;
        foreach (IBenchmark benchmark in benchmarks.TakeWhile(_ => !_isInterrupted))
        {
            isWhole &= await Run(benchmark, commit);
        }

        return isWhole && !_isInterrupted;
    }

    /// <summary>Ends the running benchmark, and starts no other.</summary>
    public ValueTask Interrupt()
    {
        _isInterrupted = true;
        return _bench.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task<bool> Run(IBenchmark benchmark, string commit)
    {
        double otherWork = await Machine.MeasureOtherWork();
        Console.WriteLine($"\n=== {benchmark.Name}: {benchmark.Title}");
        if (otherWork > Section.Quiet)
        {
            Bench.Report($"other work keeps {Numbers.Text(otherWork)} cores busy: the times will be too long");
        }

        DateTimeOffset at = TimeProvider.System.GetUtcNow();
        long start = Stopwatch.GetTimestamp();
        _bench = new Bench(folder);
        try
        {
            Findings findings = await benchmark.Run(_bench).WaitAsync(benchmark.Limit);
            Section section = new()
            {
                Name = benchmark.Name,
                Title = benchmark.Title,
                How = benchmark.How,
                At = at,
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                Commit = commit,
                Machine = Machine.Describe(),
                OtherWork = otherWork,
                MediaServer = benchmark.IsOnMediaMtx && Bench.MediaServer != MediaServerKind.Standin ? "MediaMTX" : "the stand-in",
                Findings = findings,
            };
            await files.Save(section);
            Console.WriteLine($"\n{SectionTable.Of(section)}");
            return true;
        }
        catch (Exception failed) when (!_isInterrupted)
        {
            Console.Error.WriteLine($"FAILED {benchmark.Name}: {failed.Message}");
            return false;
        }
        finally
        {
            await _bench.DisposeAsync();
        }
    }
}

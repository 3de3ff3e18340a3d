using System.Globalization;

namespace Streams.Benchmarks.Systems;

/// <summary>Many streams that the stand-in itself publishes at no cost, with the fake worker as their worker.</summary>
internal sealed class Fleet(StreamsSystem system, string name) : IPublishers
{
    /// <summary>Period of a worker's reports, in seconds: that of the default profile.</summary>
    public const string ReportPeriod = "0.5";

    private const int AtOnce = 8;

    private readonly StreamsClient _client = new(system.Api);

    /// <summary>Number of streams.</summary>
    public int Count { get; private set; }

    /// <summary>Settings of a silo that may run so many workers.</summary>
    public static Dictionary<string, string> Settings(int maxWorkers = 100) => new(FakeProfile.With("progress", ReportPeriod))
    {
        ["Streams__Workers__MaxWorkers"] = maxWorkers.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The id of a stream, from 0.</summary>
    public string IdOf(int number) => $"{name}-{number.ToString("0000", CultureInfo.InvariantCulture)}";

    /// <summary>Whether a stream is one of these.</summary>
    public bool Has(string id) => id.StartsWith($"{name}-", StringComparison.Ordinal);

    /// <summary>Starts more streams until there are so many, and waits until all run.</summary>
    public async Task GrowTo(int count)
    {
        await Parallel.ForEachAsync(Enumerable.Range(Count, count - Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) => await system.Media.StartSynthetic(IdOf(number)));
        Count = count;
        await _client.WaitForRunning(count);
    }

    /// <summary>Publishes all streams again, as encoders do when their server is back.</summary>
    public Task PublishAgain() => Task.WhenAll(Enumerable.Range(0, Count).Select(number => system.Media.StartSynthetic(IdOf(number))));

    /// <summary>Ends all streams, and waits until none runs.</summary>
    public async Task End()
    {
        for (int number = 0; number < Count; number++)
        {
            await system.Media.EndSynthetic(IdOf(number));
        }

        Count = 0;
        await _client.WaitForRunning(0);
    }
}

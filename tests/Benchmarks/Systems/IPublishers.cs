namespace Streams.Benchmarks.Systems;

/// <summary>Publishers that return when their media server restarts.</summary>
internal interface IPublishers
{
    /// <summary>Whether a stream is one of theirs.</summary>
    bool Has(string id);

    /// <summary>Publishes streams until there are so many.</summary>
    Task GrowTo(int count);

    /// <summary>Publishes all streams again, after the server's restart; does nothing where publishers reconnect by themselves.</summary>
    Task PublishAgain();
}

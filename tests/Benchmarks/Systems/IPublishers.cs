namespace Streams.Benchmarks;

/// <summary>Publishers that come again when their server was away.</summary>
internal interface IPublishers
{
    /// <summary>Whether a stream is one of theirs.</summary>
    bool Has(string id);

    /// <summary>Publishes so many streams.</summary>
    Task Start(int count);

    /// <summary>The server is back: returns when those that are told what to do have come again; others do so by themselves.</summary>
    Task ComeAgain();
}

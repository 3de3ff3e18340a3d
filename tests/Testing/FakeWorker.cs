namespace Streams.Testing;

/// <summary>The fake worker program, and the processes that are made of it.</summary>
public static class FakeWorker
{
    /// <summary>Its path; its modes stand in its head.</summary>
    public static string Program { get; } = Repository.PathOf("tests", "FakeWorker", "fake-worker.sh");
}

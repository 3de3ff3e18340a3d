using Xunit;

namespace Streams.Page.Tests;

/// <summary>A test of the pages; the streams that it publishes end with it.</summary>
/// <param name="page">The system.</param>
[Collection(PageCollection.Name)]
public abstract class PageTest(PageSystem page) : IAsyncLifetime
{
    /// <summary>The system.</summary>
    protected PageSystem Site => page;

    /// <summary>Nothing to wait for.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Ends the streams.</summary>
    public async ValueTask DisposeAsync()
    {
        await Site.EndStreams();
        GC.SuppressFinalize(this);
    }
}

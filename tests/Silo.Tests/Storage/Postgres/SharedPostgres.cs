using Streams.Silo.Tests.Storage.Postgres;
using Streams.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>One server for all tests, started by the first that asks for it; each test has a database of its own.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(static () => PostgresServer.Start());

    /// <summary>The server. A test is skipped where there can be none.</summary>
    public Task<PostgresServer> Server
    {
        get
        {
            Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
            return _server.Value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}

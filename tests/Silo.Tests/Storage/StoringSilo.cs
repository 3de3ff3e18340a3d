using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Streams.Silo.Storage.Sqlite;
using Streams.Testing;

namespace Streams.Silo.Tests.Storage;

/// <summary>A silo with fake workers that keeps its state in a file, and ends when a test has done what it came for.</summary>
internal static class StoringSilo
{
    public static async Task With(string file, Func<IGrainFactory, Task> act, Dictionary<string, string?>? settings = null)
    {
        InProcessTestClusterBuilder builder = new(1);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings ?? [])
            {
                ["Streams:Workers:DefaultProfile"] = "fake",
                ["Streams:Workers:Profiles:fake:Program"] = FakeWorker.Program,
                ["Streams:Workers:Profiles:fake:Arguments:0"] = "progress",
                ["Streams:Media:ApiPort"] = "1",
            });
            host.Services.AddSingleton<IStreamStore>(_ => new SqliteStreamStore(file, TimeProvider.System));
            host.Services.AddStreams();
        });
        await using InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        await act(cluster.Client);
        await cluster.StopAllSilosAsync();
    }
}

using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Silo.Membership;
using Streams.Silo.Storage;
using Xunit;

namespace Streams.Silo.Tests.Membership;

/// <summary>Settings with which a silo cannot be one of several are refused by name, all at once.</summary>
public sealed class ClusterValidatorTests
{
    [Fact]
    public void A_silo_alone_needs_nothing() => Assert.Empty(Validate(new ClusterConnectionOptions(), StoreKind.Sqlite));

    [Fact]
    public void A_silo_of_a_cluster_needs_the_database_and_its_address() =>
        Assert.Empty(Validate(new ClusterConnectionOptions { Clustering = ClusteringKind.Postgres, Address = "10.0.0.7" }, StoreKind.Postgres));

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        string[] failures = Validate(new ClusterConnectionOptions { Clustering = ClusteringKind.Postgres, GatewayPort = 11_111 }, StoreKind.Sqlite);
        Assert.Equal(3, failures.Length);
        Assert.Contains(failures, static failure => failure.Contains("Streams:Store:Kind (STREAMS_STORE)", StringComparison.Ordinal));
        Assert.Contains(failures, static failure => failure.StartsWith("Streams:Cluster:Address (STREAMS_SILO_ADDRESS) is missing", StringComparison.Ordinal));
        Assert.Contains(failures, static failure => failure.Contains("(STREAMS_GATEWAY_PORT) are both 11111", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("media1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("10.0.0.7:11111")]
    public void An_address_at_which_nobody_reaches_it_is_refused(string address)
    {
        string failure = Assert.Single(Validate(new ClusterConnectionOptions { Clustering = ClusteringKind.Postgres, Address = address }, StoreKind.Postgres));
        Assert.Contains($"is '{address}', and must be the IP address", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_for_nobody_is_refused()
    {
        string failure = Assert.Single(Validate(new ClusterConnectionOptions { Address = "10.0.0.7" }, StoreKind.Postgres));
        Assert.Contains("set STREAMS_CLUSTERING=postgres, or leave it out", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_without_workers_is_one_of_several()
    {
        Assert.Contains("would run no workers at all", Assert.Single(Validate(new ClusterConnectionOptions(), StoreKind.Sqlite, maxWorkers: 0)), StringComparison.Ordinal);
        Assert.Empty(Validate(new ClusterConnectionOptions { Clustering = ClusteringKind.Postgres, Address = "10.0.0.7" }, StoreKind.Postgres, maxWorkers: 0));
    }

    private static string[] Validate(ClusterConnectionOptions options, StoreKind store, int maxWorkers = 1) =>
    [
        .. new ClusterValidator(new Fixed<StoreOptions>(new StoreOptions { Kind = store }), new Fixed<WorkerOptions>(new WorkerOptions { MaxWorkers = maxWorkers }))
            .Validate(null, options).Failures ?? [],
    ];

    private sealed class Fixed<T>(T options) : IOptionsMonitor<T>
    {
        public T CurrentValue => options;

        public T Get(string? name) => options;

        public IDisposable? OnChange(Action<T, string?> listener) => null;
    }
}

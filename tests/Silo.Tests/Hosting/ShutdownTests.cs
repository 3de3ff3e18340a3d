using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Grains.Hosts;
using Streams.Silo.Hosting;
using Xunit;

namespace Streams.Silo.Tests.Hosting;

/// <summary>The time for the shutdown follows from the workers' grace, and a shorter one is refused.</summary>
public sealed class ShutdownTests
{
    [Theory]
    [InlineData(5, 0, true)]
    [InlineData(5, 25, true)]
    [InlineData(5, 24, false)]
    [InlineData(60, 30, false)]
    [InlineData(60, 80, true)]
    public void A_silo_that_would_be_killed_before_its_end_is_refused(int grace, int within, bool isAllowed)
    {
        WorkerOptions workers = new() { StopGrace = TimeSpan.FromSeconds(grace) };
        ValidateOptionsResult result = new ShutdownValidator(Options.Create(workers)).Validate(null, new ShutdownOptions { WithinSeconds = within });

        Assert.Equal(isAllowed, result.Succeeded);
        if (!isAllowed)
        {
            Assert.Equal(
                $"Streams:Shutdown:WithinSeconds (STREAMS_STOP_WITHIN) is {within} s, and with Streams:Workers:StopGrace (STREAMS_STOP_GRACE) of {grace} s "
                + $"the silo needs up to {grace + 20} s to end: raise the first, or lower the second.",
                result.FailureMessage);
        }
    }

    [Theory]
    [InlineData(ClusteringKind.Localhost, 80)]
    [InlineData(ClusteringKind.Postgres, 120)]
    public void The_host_waits_for_the_longest_grace_and_the_kill_and_for_the_drain_where_there_are_others(ClusteringKind clustering, int seconds)
    {
        HostOptions host = new();
        WorkerOptions workers = new() { StopGrace = TimeSpan.FromSeconds(60) };
        ClusterConnectionOptions cluster = new() { Clustering = clustering };
        DrainOptions drain = new() { DrainTimeout = TimeSpan.FromSeconds(40) };
        new ShutdownSetup(new ServiceCollection().BuildServiceProvider(), Options.Create(workers), Options.Create(cluster), Options.Create(drain)).Configure(host);

        Assert.Equal(TimeSpan.FromSeconds(seconds), host.ShutdownTimeout);
    }
}

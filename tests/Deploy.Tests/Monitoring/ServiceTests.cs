using System.Text.RegularExpressions;
using Streams.Deploy.Tests.Containers;
using Streams.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>Prometheus and Grafana in the Compose file.</summary>
public sealed partial class ServiceTests
{
    private static readonly ComposeFile Compose = new(new Dictionary<string, string>
    {
        ["STREAMS_API_PORT"] = "20001",
        ["MEDIAMTX_METRICS_PORT"] = "20002",
        ["STREAMS_PROMETHEUS_PORT"] = "20003",
        ["STREAMS_GRAFANA_PORT"] = "20004",
        ["STREAMS_READER_TOKEN"] = "reader-token",
        ["MEDIAMTX_API_USER"] = "operator",
        ["MEDIAMTX_API_PASS"] = "s3cret",
        ["STREAMS_GRAFANA_PASSWORD"] = "gr4fana",
        ["STREAMS_ALERTMANAGER"] = "alerts:9093",
    });

    public static TheoryData<string> Services => ["prometheus", "grafana"];

    [Fact]
    public void Without_the_profile_there_are_the_silo_and_MediaMTX_only()
    {
        Assert.Equal(["streams", "mediamtx"], Compose.ServicesOf(""));
        Assert.Equal(["prometheus", "grafana"], Compose.ServicesOf("monitoring"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void It_is_of_one_version_on_the_named_network_and_asked_for_its_health(string name)
    {
        YamlMappingNode service = Compose.Service(name);

        Assert.Matches(ImageWithVersion(), service["image"].Text());
        Assert.Equal(["dubbing-network"], service["networks"].Sequence().Select(static node => node.Text()));
        Assert.Contains($"http://127.0.0.1:{Compose.PortsOf(name).Single().Container}/", Compose.HealthCommandOf(name), StringComparison.Ordinal);
        Assert.All((string[])["interval", "timeout", "start_period", "retries"], setting => Assert.NotNull(service["healthcheck"].Find(setting)));
    }

    [Theory]
    [InlineData("prometheus", 20003)]
    [InlineData("grafana", 20004)]
    public void It_is_published_to_this_machine_only(string name, int port)
    {
        (string address, int host, _) = Assert.Single(Compose.PortsOf(name));

        Assert.Equal(("127.0.0.1", port), (address, host));
    }

    [Fact]
    public void Prometheus_gets_the_targets_and_the_credentials_of_the_deployment()
    {
        IReadOnlyDictionary<string, string> environment = Compose.EnvironmentOf("prometheus");

        Assert.Equal("streams:20001", environment["STREAMS_TARGET"]);
        Assert.Equal("reader-token", environment["STREAMS_READER_TOKEN"]);
        Assert.Equal("mediamtx:20002", environment["MEDIAMTX_TARGET"]);
        Assert.Equal("operator", environment["MEDIAMTX_API_USER"]);
        Assert.Equal("s3cret", environment["MEDIAMTX_API_PASS"]);
        Assert.Equal("alerts:9093", environment["STREAMS_ALERTMANAGER"]);

        // Every setting that the script reads, and none that it does not.
        string script = File.ReadAllText(Repository.PathOf("deploy", "prometheus", "start.sh"));
        Assert.Equal(Setting().Matches(script).Select(static match => match.Groups[1].Value).Order(), environment.Keys.Order());
        Assert.Contains(Compose.Service("prometheus")["tmpfs"].Sequence(), place => place.Text().StartsWith(environment["PROMETHEUS_CONFIG_FOLDER"] + ":mode=0700", StringComparison.Ordinal));
    }

    [Fact]
    public void Grafana_gets_its_password_and_tells_nobody_outside()
    {
        IReadOnlyDictionary<string, string> environment = Compose.EnvironmentOf("grafana");

        Assert.Equal("gr4fana", environment["GF_SECURITY_ADMIN_PASSWORD"]);
        Assert.Equal("false", environment["GF_ANALYTICS_REPORTING_ENABLED"]);
        Assert.Equal("false", environment["GF_ANALYTICS_CHECK_FOR_UPDATES"]);
        Assert.Equal("true", environment["GF_PLUGINS_PREINSTALL_DISABLED"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void What_it_mounts_is_in_the_repository_and_what_it_runs_or_reads_is_mounted(string name)
    {
        (string From, string To)[] mounts = [.. Compose.Service(name)["volumes"].Sequence().Select(static node => node.Text().Split(':')).Select(static parts => (parts[0], parts[1]))];
        Assert.All(mounts.Where(static mount => mount.From[0] == '.'), static mount => Assert.True(Directory.Exists(Repository.PathOf("deploy", mount.From)), mount.From));

        string[] needed = name == "prometheus"
            ? [.. Compose.Service(name)["entrypoint"].Sequence().Skip(1).Select(static node => node.Text())]
            : [Compose.EnvironmentOf(name)["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"], "/etc/grafana/provisioning/datasources/prometheus.yml", "/etc/grafana/provisioning/dashboards/streams.yml"];
        Assert.All(needed, file =>
        {
            (string from, string to) = Assert.Single(mounts, mount => file.StartsWith(mount.To + "/", StringComparison.Ordinal));
            Assert.True(File.Exists(Repository.PathOf("deploy", from, file[(to.Length + 1)..])), file);
        });
    }

    [GeneratedRegex(@"^[a-z]+/[a-z]+:v?\d+\.\d+\.\d+$")]
    private static partial Regex ImageWithVersion();

    [GeneratedRegex(@"^: ""\$\{([A-Z_]+):=", RegexOptions.Multiline)]
    private static partial Regex Setting();
}

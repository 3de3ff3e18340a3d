using Streams.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Containers;

/// <summary>The Compose file is in step with the local run: same ports, same variables, same meaning.</summary>
public sealed class ComposeTests
{
    // What differs by nature: where a part is reached, and where its data are.
    private static readonly string[] PlacesThatDiffer =
        [
        "Streams__Api__Address", "Streams__Data__Folder", "Streams__Continuity__SlateFolder", "Streams__Media__Nodes__0__ApiUrl", "Streams__Media__Nodes__0__RtspUrl", "Streams__Media__Nodes__0__RtmpUrl", "ORCHESTRATOR_URL",
        "MTX_AUTHHTTPADDRESS", "no_proxy", "NO_PROXY",
    ];

    private static readonly Dictionary<string, string> OtherSettings = EnvExample.Defaults
        .Where(static entry => !EnvExample.MakeOnly.Contains(entry.Key))
        .Select(static (entry, index) => (entry.Key, Value: entry.Key.EndsWith("_PORT", StringComparison.Ordinal) ? $"{20000 + index}"
            : entry.Key == "STREAMS_MEDIA_AUTH" ? "http"
            : entry.Key is "STREAMS_STORE" or "STREAMS_CLUSTERING" ? "postgres"
            : entry.Key is "STREAMS_RETRY_FAILED_EVERY" or "STREAMS_STOP_GRACE" or "STREAMS_KEEP_FOR" or "STREAMS_DRAIN_TIMEOUT" ? $"00:00:{10 + (index % 50)}"
            : entry.Key == "STREAMS_STOP_WITHIN" ? "90"
            : entry.Key == "STREAMS_LOG_SIZE" ? "3m"
            : entry.Key == "STREAMS_LOG_FILES" ? "7"
            : entry.Key.EndsWith("_ADDRESS", StringComparison.Ordinal) ? "127.0.0.2"
            : $"other-{index}"))
        .ToDictionary(static entry => entry.Key, static entry => entry.Value);

    public static TheoryData<bool> DefaultsOrNot => [true, false];

    [Fact]
    public void It_has_both_services_on_the_named_network_with_health_checks()
    {
        ComposeFile compose = new();

        Assert.Equal("dubbing-network", ((YamlScalarNode)ComposeFile.Map(compose.Networks, "dubbing-network")["name"]).Value);
        Assert.All((string[])["streams", "mediamtx"], name =>
        {
            YamlMappingNode service = compose.Service(name);
            Assert.Equal(["dubbing-network"], ((YamlSequenceNode)service["networks"]).Select(static node => ((YamlScalarNode)node).Value));
            Assert.True(service.Children.ContainsKey("healthcheck"));
            YamlMappingNode build = ComposeFile.Map(service, "build");
            string context = Path.GetFullPath(Repository.PathOf("deploy", ((YamlScalarNode)build["context"]).Value!));
            Assert.Equal(Repository.Root, context);
            Assert.True(File.Exists(Path.Combine(context, ((YamlScalarNode)build["dockerfile"]).Value!)));
        });
    }

    [Fact]
    public void Every_variable_it_uses_is_documented_with_the_same_default()
    {
        Assert.All(new ComposeFile().Variables(), static variable =>
        {
            Assert.True(EnvExample.Defaults.TryGetValue(variable.Name, out string? documented), $"{variable.Name} is not in .env.example");
            Assert.Equal(documented, variable.Default);
        });
    }

    [Fact]
    public void Every_documented_setting_reaches_the_containers_unless_it_says_otherwise()
    {
        string text = new ComposeFile().Text;

        Assert.All(EnvExample.Defaults.Keys.Except(EnvExample.MakeOnly), name => Assert.Contains("${" + name + ":", text, StringComparison.Ordinal));
        Assert.All(EnvExample.MakeOnly, name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void It_refuses_to_start_without_the_tokens_and_says_what_to_set() =>
        Assert.All(new ComposeFile().Needed(), static needed =>
        {
            Assert.Contains(needed.Name, (string[])["STREAMS_OPERATOR_TOKEN", "ORCHESTRATOR_TOKEN"]);
            Assert.Contains("set it in .env", needed.Message, StringComparison.Ordinal);
        });

    [Fact]
    public void Its_API_is_open_to_other_containers_and_so_needs_a_token_of_operator_and_hook()
    {
        Assert.Equal("0.0.0.0", new ComposeFile().EnvironmentOf("streams")["Streams__Api__Address"]);
        Assert.Equal(["ORCHESTRATOR_TOKEN", "STREAMS_OPERATOR_TOKEN"], new ComposeFile().Needed().Select(static needed => needed.Name).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(DefaultsOrNot))]
    public async Task The_silo_gets_the_settings_of_the_local_run(bool defaults) =>
        await SameEnvironment("streams", "SILO_ENV", defaults);

    [Theory]
    [MemberData(nameof(DefaultsOrNot))]
    public async Task MediaMTX_gets_the_settings_of_the_local_run(bool defaults) =>
        await SameEnvironment("mediamtx", "MEDIAMTX_ENV", defaults);

    [Fact]
    public async Task MediaMTX_asks_the_Streams_of_its_own_deployment_with_the_hooks_token()
    {
        string token = OtherSettings["ORCHESTRATOR_TOKEN"];
        string port = OtherSettings["STREAMS_API_PORT"];
        Dictionary<string, string> own = new(OtherSettings) { ["ORCHESTRATOR_URL"] = "" };

        Assert.Equal($"http://mtx-hook:{token}@streams:{port}/v1/mediamtx/auth", new ComposeFile(own).EnvironmentOf("mediamtx")["MTX_AUTHHTTPADDRESS"]);
        Assert.Equal($"http://mtx-hook:{token}@127.0.0.2:{port}/v1/mediamtx/auth", (await LocalRun.Environment("MEDIAMTX_ENV", own))["MTX_AUTHHTTPADDRESS"]);
        Assert.Equal("http://127.0.0.1:8080/v1/mediamtx/auth", (await LocalRun.Environment("MEDIAMTX_ENV"))["MTX_AUTHHTTPADDRESS"]);
    }

    [Theory]
    [MemberData(nameof(DefaultsOrNot))]
    public void The_ports_on_the_host_are_those_of_the_local_run(bool defaults)
    {
        IReadOnlyDictionary<string, string> settings = defaults ? EnvExample.Defaults : OtherSettings;
        ComposeFile compose = new(settings);

        Assert.Equal([Port("STREAMS_API_PORT")], compose.PortsOf("streams").Select(static port => port.Host));
        Assert.Equal(
            [Port("MEDIAMTX_RTMP_PORT"), Port("MEDIAMTX_RTSP_PORT"), Port("MEDIAMTX_HLS_PORT"), Port("MEDIAMTX_API_PORT"), Port("MEDIAMTX_METRICS_PORT"), Port("MEDIAMTX_PLAYBACK_PORT")],
            compose.PortsOf("mediamtx").Select(static port => port.Host));
        Assert.All(compose.PortsOf("streams").Concat(compose.PortsOf("mediamtx")), static port => Assert.Equal(port.Host, port.Container));
        Assert.All(compose.PortsOf("mediamtx").Skip(3), static port => Assert.Equal("127.0.0.1", port.Address));

        int Port(string name) => int.Parse(settings[name], null);
    }

    [Theory]
    [MemberData(nameof(DefaultsOrNot))]
    public void It_waits_for_the_end_of_both_as_long_as_the_silo_is_told(bool defaults)
    {
        ComposeFile compose = new(defaults ? EnvExample.Defaults : OtherSettings);

        Assert.All((string[])["streams", "mediamtx"], name =>
            Assert.Equal(compose.EnvironmentOf("streams")["Streams__Shutdown__WithinSeconds"] + "s", compose.ValueOf(name, "stop_grace_period")));
    }

    [Theory]
    [MemberData(nameof(DefaultsOrNot))]
    public void The_log_of_each_container_is_bounded(bool defaults)
    {
        IReadOnlyDictionary<string, string> settings = defaults ? EnvExample.Defaults : OtherSettings;
        ComposeFile compose = new(settings);

        Assert.All(AllServices(compose), name => Assert.Equal(
            ("json-file", settings["STREAMS_LOG_SIZE"], settings["STREAMS_LOG_FILES"]),
            (compose.ValueOf(name, "logging", "driver"), compose.ValueOf(name, "logging", "options", "max-size"), compose.ValueOf(name, "logging", "options", "max-file"))));
    }

    [Fact]
    public void Every_container_has_a_read_only_root_and_no_capability_and_writes_to_memory_or_its_volume()
    {
        ComposeFile compose = new();

        Assert.All(AllServices(compose), name =>
        {
            Assert.Equal("true", compose.ValueOf(name, "read_only"));
            Assert.Equal(["ALL"], compose.ListOf(name, "cap_drop"));
            Assert.Empty(compose.ListOf(name, "cap_add"));
            Assert.Equal(["no-new-privileges:true"], compose.ListOf(name, "security_opt"));
            Assert.Contains("/tmp:mode=1777,size=64m", compose.ListOf(name, "tmpfs"));
        });
        string slates = "streams-slates:" + compose.EnvironmentOf("streams")["Streams__Continuity__SlateFolder"];
        Assert.Equal(["streams-data:" + compose.EnvironmentOf("streams")["Streams__Data__Folder"], slates], compose.ListOf("streams", "volumes"));
        Assert.Equal([$"{slates}:ro"], compose.ListOf("mediamtx", "volumes"));
    }

    [Fact]
    public void The_profile_cluster_has_three_silos_two_media_servers_and_a_database_that_only_they_reach()
    {
        ComposeFile compose = new(OtherSettings);

        Assert.Equal(["mediamtx-a", "mediamtx-b", "postgres", "silo-1", "silo-2", "silo-3"], compose.ServicesOf("cluster").Order());
        Assert.False(compose.Service("postgres").Children.ContainsKey("ports"));
        Assert.Equal("true", ((YamlScalarNode)ComposeFile.Map(compose.Networks, "silo-network")["internal"]).Value);
        Assert.Equal(
            $"Host=postgres;Database=streams;Username=streams;Password='{compose.EnvironmentOf("postgres")["POSTGRES_PASSWORD"]}'",
            compose.EnvironmentOf("silo-3")["Streams__Store__ConnectionString"]);
        string[] published = [.. compose.ServicesOf("cluster").Where(static name => name != "postgres").SelectMany(name => compose.PortsOf(name)).Select(static port => $"{port.Host}")];
        Assert.Equal(published.Length, published.Distinct().Count());
    }

    [Theory]
    [InlineData("silo-1")]
    [InlineData("silo-2")]
    [InlineData("silo-3")]
    public void Each_silo_has_a_name_and_an_address_of_its_own_all_media_servers_and_the_settings_of_a_silo_alone(string name)
    {
        ComposeFile compose = new(OtherSettings);
        IReadOnlyDictionary<string, string> silo = compose.EnvironmentOf(name);

        Assert.Equal((name, "postgres", "postgres"), (silo["Streams__Cluster__Name"], silo["Streams__Cluster__Clustering"], silo["Streams__Store__Kind"]));
        Assert.Equal(compose.ValueOf(name, "networks", "silo-network", "ipv4_address"), silo["Streams__Cluster__Address"]);
        Assert.Equal(("a", "b"), (silo["Streams__Media__Nodes__0__Name"], silo["Streams__Media__Nodes__1__Name"]));
        Assert.StartsWith("rtmp://mediamtx-b:", silo["Streams__Media__Nodes__1__RtmpUrl"], StringComparison.Ordinal);
        Assert.Contains("/data:mode=0700,uid=1654,gid=1654,size=64m", compose.ListOf(name, "tmpfs"));
        Assert.Equal(["streams-slates:" + silo["Streams__Continuity__SlateFolder"]], compose.ListOf(name, "volumes"));
        Assert.All(compose.EnvironmentOf("streams").Where(static alone => !IsOfCluster(alone.Key)), alone => Assert.Equal(alone.Value, silo[alone.Key]));

        static bool IsOfCluster(string setting) => setting is "Streams__Cluster__Name" or "Streams__Cluster__Address" || setting.StartsWith("Streams__Store__", StringComparison.Ordinal)
            || setting.StartsWith("Streams__Media__Nodes__", StringComparison.Ordinal);
    }

    /// <summary>Else every output of a cluster is one whose audience is lost.</summary>
    [Fact]
    public void Every_media_server_of_the_cluster_reads_the_slates_that_any_silo_wrote()
    {
        ComposeFile compose = new();
        string[] silos = [.. compose.ServicesOf("cluster").Where(static name => name.StartsWith("silo-", StringComparison.Ordinal))];
        string shared = Assert.Single(silos.SelectMany(name => compose.ListOf(name, "volumes")).Distinct());

        Assert.All(silos, name => Assert.Equal(shared, $"streams-slates:{compose.EnvironmentOf(name)["Streams__Continuity__SlateFolder"]}"));
        Assert.All(compose.ServicesOf("cluster").Where(static name => name.StartsWith("mediamtx-", StringComparison.Ordinal)), name =>
            Assert.Equal([$"{shared}:ro"], compose.ListOf(name, "volumes")));
    }

    [Theory]
    [MemberData(nameof(DefaultsOrNot))]
    public void The_silos_addresses_are_in_their_own_network_wherever_that_is(bool defaults)
    {
        ComposeFile compose = new(defaults ? EnvExample.Defaults : new Dictionary<string, string> { ["STREAMS_SILO_NETWORK"] = "10.9.8" });
        string network = compose.Resolve(((YamlScalarNode)((YamlSequenceNode)ComposeFile.Map(compose.Networks, "silo-network", "ipam")["config"])[0]["subnet"]).Value!);

        Assert.EndsWith(".0/24", network, StringComparison.Ordinal);
        string[] addresses = [.. ((string[])["silo-1", "silo-2", "silo-3"]).Select(name => compose.EnvironmentOf(name)["Streams__Cluster__Address"])];
        Assert.All(addresses, address => Assert.StartsWith(network[..^"0/24".Length], address, StringComparison.Ordinal));
        Assert.All(addresses, static address => Assert.True(System.Net.IPAddress.TryParse(address, out _), address));
        Assert.Equal(addresses.Length, addresses.Distinct().Count());
    }

    /// <summary>Docker gives one of its own to each network that asks for none, such as dubbing-network, in turn: one day it would be the silos'.</summary>
    [Theory]
    [InlineData("172.16.0.0/12")]
    [InlineData("192.168.0.0/16")]
    public void The_silos_network_is_none_that_Docker_gives_to_others(string pool) => Assert.DoesNotContain(
        new ComposeFile().ServicesOf("cluster").Where(static name => name.StartsWith("silo-", StringComparison.Ordinal)),
        name => System.Net.IPNetwork.Parse(pool).Contains(System.Net.IPAddress.Parse(new ComposeFile().EnvironmentOf(name)["Streams__Cluster__Address"])));

    /// <summary>As the unit of systemd in docs/cluster.md has to wait, too.</summary>
    [Fact]
    public void A_silo_of_a_cluster_is_killed_only_after_it_could_drain_and_end_its_workers()
    {
        const int Drain = 60; // Streams__Cluster__DrainTimeout
        int needs = Drain + int.Parse(EnvExample.Defaults["STREAMS_STOP_WITHIN"], null);
        string[] unit = File.ReadAllLines(Repository.PathOf("docs", "cluster.md"));

        Assert.All((string[])["silo-1", "silo-2", "silo-3"], name => Assert.True(int.Parse(new ComposeFile().ValueOf(name, "stop_grace_period").TrimEnd('s'), null) > needs));
        Assert.True(int.Parse(Assert.Single(unit, static line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal)).Split('=')[1], null) > needs);
        Assert.Contains("Restart=always", unit);
        Assert.Contains("KillMode=mixed", unit); // control-group would tell the workers too
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Each_media_server_tells_its_name_to_whichever_silo_runs(string node)
    {
        ComposeFile compose = new();
        IReadOnlyDictionary<string, string> media = compose.EnvironmentOf($"mediamtx-{node}");

        Assert.Equal((node, "http://silos:8080"), (media["STREAMS_NODE"], media["ORCHESTRATOR_URL"]));
        Assert.Contains("@silos:8080/", media["MTX_AUTHHTTPADDRESS"], StringComparison.Ordinal);
        Assert.All((string[])["silo-1", "silo-2", "silo-3"], name => Assert.Equal(
            ["silos"], ((YamlSequenceNode)ComposeFile.Map(compose.Service(name), "networks", "dubbing-network")["aliases"]).Select(static alias => ((YamlScalarNode)alias).Value)));
        Assert.Equal(compose.EnvironmentOf("mediamtx").Keys.Order(), media.Keys.Order());
    }

    [Fact]
    public void MediaMTX_is_stopped_before_the_silo_which_answers_its_last_hooks()
    {
        ComposeFile compose = new();

        Assert.Equal(["streams"], compose.ListOf("mediamtx", "depends_on"));
        Assert.Empty(compose.ListOf("streams", "depends_on"));
    }

    [Theory]
    [InlineData("streams", "silo.Dockerfile")]
    [InlineData("mediamtx", "mediamtx.Dockerfile")]
    public void It_asks_for_health_as_the_image_does(string service, string dockerfile) =>
        Assert.Equal(Dockerfile.Read(dockerfile).HealthCommand, new ComposeFile().HealthCommandOf(service));

    private static IEnumerable<string> AllServices(ComposeFile compose) => new[] { "", "monitoring", "cluster" }.SelectMany(compose.ServicesOf);

    private static async Task SameEnvironment(string service, string list, bool defaults)
    {
        IReadOnlyDictionary<string, string> settings = defaults ? EnvExample.Defaults : OtherSettings;
        IReadOnlyDictionary<string, string> container = new ComposeFile(settings).EnvironmentOf(service);
        IReadOnlyDictionary<string, string> local = await LocalRun.Environment(list, settings);

        Assert.Equal(local.Keys.Order(), container.Keys.Order());
        Assert.All(local.Where(static entry => !PlacesThatDiffer.Contains(entry.Key)), entry => Assert.Equal(
            WithoutAddress(entry.Key, entry.Value), WithoutAddress(entry.Key, container[entry.Key])));
    }

    // In a container every address is listened on; the port says which service it is.
    private static string WithoutAddress(string name, string value) =>
        name.EndsWith("ADDRESS", StringComparison.Ordinal) ? value[(value.LastIndexOf(':') + 1)..] : value;
}

using System.Globalization;
using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>make cluster, cluster-ps and cluster-down, with a real PostgreSQL, and silos and media servers that are fake.</summary>
public sealed partial class ClusterTests : IAsyncLifetime
{
    private static readonly string[] Parts = ["postgres", "node-a", "node-b", "silo-1", "silo-2", "silo-3"];
    private readonly RunFolder _run = new RunFolder().WithFakeParts();

    private string Folder => Path.Combine(_run.Path, "cluster");

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        // PostgreSQL runs as a user of its own where the tests run as root.
        File.SetUnixFileMode(_run.Path, File.GetUnixFileMode(_run.Path) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        _run.Environment["STREAMS_CLUSTER_PORT"] = (15_000 + (Environment.ProcessId % 100 * 100)).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _run.Environment["STREAMS_STOP_WITHIN"] = "1";
        await _run.Script("cluster-down");
        await _run.DisposeAsync();
    }

    [Fact]
    public async Task All_parts_run_when_it_returns_and_nothing_is_left_after_cluster_down()
    {
        ScriptRun cluster = (await _run.Script("cluster")).Succeeded();

        Assert.Contains("Started: PostgreSQL, 3 silos, media servers a b (MediaMTX v1.20.1 from MEDIAMTX_BIN).", cluster.Output, StringComparison.Ordinal);
        Assert.Matches(@"silo-3 +http://127\.0\.0\.1:[0-9]+/", cluster.Output);
        Assert.Matches(@"node b +publish to rtmp://127\.0\.0\.1:[0-9]+/live/STREAM/in", cluster.Output);
        string shown = (await _run.Script("cluster-ps")).Succeeded().Output;
        Assert.All(Parts, part => Assert.Matches($@"(?m)^{part} +[0-9]+ +[0-9]+ .*running", shown));
        Assert.All(PortsOf("silo-1", "silo-2", "silo-3"), static port => Assert.InRange(port, 15_000, 32_767));

        ScriptRun down = (await _run.Script("cluster-down")).Succeeded();

        Assert.Contains("Nothing is left", down.Output, StringComparison.Ordinal);
        Assert.Empty(Left());
        Assert.Contains("Nothing was running", (await _run.Script("cluster-down")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_changes_nothing_and_one_after_a_killed_part_starts_only_that()
    {
        (await _run.Script("cluster")).Succeeded();
        Dictionary<string, int> before = Parts.ToDictionary(static part => part, PidOf);

        Assert.StartsWith("All is running already", (await _run.Script("cluster")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(before, Parts.ToDictionary(static part => part, PidOf));

        Processes.TrySignal(before["node-b"], Processes.KillSignal);
        await Eventually.True(() => !Processes.IsAlive(before["node-b"]), "the end of node-b");
        Assert.StartsWith("Restarted: node-b.", (await _run.Script("cluster")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(before.Where(static part => part.Key != "node-b"), Parts.ToDictionary(static part => part, PidOf).Where(static part => part.Key != "node-b"));
    }

    [Fact]
    public async Task A_silo_that_is_killed_is_started_again_by_its_supervisor()
    {
        (await _run.Script("cluster")).Succeeded();
        (int supervisor, int silo) = (PidOf("silo-2"), ChildOf("silo-2"));

        Processes.TrySignal(silo, Processes.KillSignal);

        await Eventually.True(() => File.Exists(Record("silo-2.child")) && ChildOf("silo-2") != silo && Processes.IsAlive(ChildOf("silo-2")), "another silo-2");
        Assert.Equal(supervisor, PidOf("silo-2"));
        Assert.Contains("supervisor: the silo ended with 137", await File.ReadAllTextAsync(Path.Combine(Folder, "logs", "silo-2.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_whose_supervisor_was_killed_is_ended_before_another_is_started()
    {
        (await _run.Script("cluster")).Succeeded();
        int silo = ChildOf("silo-1");
        Processes.TrySignal(PidOf("silo-1"), Processes.KillSignal);
        await Eventually.True(() => !Processes.IsAlive(PidOf("silo-1")), "the end of the supervisor");

        Assert.StartsWith("Restarted: silo-1.", (await _run.Script("cluster")).Succeeded().Output, StringComparison.Ordinal);

        Assert.False(Processes.IsAlive(silo));
        Assert.NotEqual(silo, ChildOf("silo-1"));
    }

    [Theory]
    [InlineData("exit", "silo", "silo-1 ended while it was started")]
    [InlineData("refuse", "silo", "/health/ready does not answer 200")]
    [InlineData("deaf", "mediamtx", "nobody listens on port")]
    public async Task A_part_that_does_not_come_up_is_named_with_its_log_and_nothing_stays(string fault, string part, string reason)
    {
        _run.Environment["MTX_FAKE_FAULT"] = fault;
        _run.Environment["MTX_FAKE_FAULT_OF"] = part;
        _run.Environment["STREAMS_READY_WITHIN"] = "3";

        ScriptRun cluster = (await _run.Script("cluster")).Failed();

        Assert.Contains(reason, cluster.Error, StringComparison.Ordinal);
        Assert.Contains($"fault {fault}", cluster.Error, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Each_part_is_handed_its_own_name_and_ports_and_every_silo_all_media_servers()
    {
        (await _run.Script("cluster")).Succeeded();

        Dictionary<string, string> node = EnvironmentOf(PidOf("node-b"));
        Assert.Equal("b", node["STREAMS_NODE"]);
        Assert.Matches("^http://127.0.0.1:[0-9]+$", node["ORCHESTRATOR_URL"]);
        Assert.All(new[] { "silo-1", "silo-2", "silo-3" }, name =>
        {
            Dictionary<string, string> silo = EnvironmentOf(ChildOf(name));
            Assert.Equal((name, "postgres", "postgres"), (silo["Streams__Cluster__Name"], silo["Streams__Cluster__Clustering"], silo["Streams__Store__Kind"]));
            Assert.Equal(("a", "b"), (silo["Streams__Media__Nodes__0__Name"], silo["Streams__Media__Nodes__1__Name"]));
            Assert.Equal($"rtmp://{node["MTX_RTMPADDRESS"]}", silo["Streams__Media__Nodes__1__RtmpUrl"]);
        });
        Assert.Equal(3, new[] { "silo-1", "silo-2", "silo-3" }.Select(name => EnvironmentOf(ChildOf(name))["Streams__Data__Folder"]).Distinct().Count());
        Assert.DoesNotContain(node.Values, value => value.Contains(File.ReadAllText(Path.Combine(Folder, "password")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_media_server_that_the_cluster_has_not_is_refused()
    {
        _run.Environment["NODE"] = "z";

        ScriptRun publish = (await _run.Script("publish", "demo")).Failed();

        Assert.Contains("NODE='z' is no media server of the cluster: a b", publish.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> EnvironmentOf(int pid) => File.ReadAllText($"/proc/{pid}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split('=', 2))
        .ToDictionary(static pair => pair[0], static pair => pair[1]);

    private IReadOnlyList<int> Left() => Processes.WithVariable("STREAMS_DEV_RUN", value => value == Folder);

    private string Record(string part) => Path.Combine(Folder, "pids", part);

    private int PidOf(string part) => int.Parse(File.ReadAllText(Record(part)).Split(' ')[0], CultureInfo.InvariantCulture);

    private int ChildOf(string silo) => PidOf(silo + ".child");

    private IEnumerable<int> PortsOf(params string[] parts) => PortLine().Matches(File.ReadAllText(Path.Combine(Folder, "ports")))
        .Where(line => parts.Contains(line.Groups[1].Value)).Select(static line => int.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(\S+) \S+ ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex PortLine();
}

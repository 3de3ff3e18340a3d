using Streams.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>What <c>deploy/prometheus/start.sh</c> makes of a deployment's settings.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly string[] Settings = ["STREAMS_TARGET", "STREAMS_READER_TOKEN", "MEDIAMTX_TARGET", "MEDIAMTX_API_USER", "MEDIAMTX_API_PASS", "STREAMS_ALERTMANAGER"];

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode Everybody = Others | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("streams-prometheus-").FullName;

    public StartTests()
    {
        // Instead of Prometheus: says with what it was started.
        string fake = Path.Combine(_folder, "prometheus");
        File.WriteAllText(fake, "#!/bin/sh\necho \"started with $*\"\n");
        File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Config => Path.Combine(_folder, "config");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Prometheus_reads_both_parts_with_their_credentials()
    {
        (int exitCode, string output) = await Start(
            ("STREAMS_TARGET", "streams:8081"), ("STREAMS_READER_TOKEN", "reader-token"), ("MEDIAMTX_TARGET", "mediamtx:9999"), ("MEDIAMTX_API_USER", "operator"), ("MEDIAMTX_API_PASS", "s3cret"));

        Assert.True(exitCode == 0, output);
        Assert.Equal($"started with --config.file={Config}/prometheus.yml --more", output);
        Assert.Equal("reader-token", Read("secrets/streams-token"));
        Assert.Equal("s3cret", Read("secrets/mediamtx-password"));
        Assert.Equal("streams:8081", Target("streams"));
        Assert.Equal("mediamtx:9999", Target("mediamtx"));
        Assert.Equal("operator", Job("mediamtx")["basic_auth"]["username"].Text());
        Assert.Equal("secrets/mediamtx-password", Job("mediamtx")["basic_auth"]["password_file"].Text());
        Assert.Equal("secrets/streams-token", Job("streams")["authorization"]["credentials_file"].Text());
        Assert.False(File.Exists(Path.Combine(Config, "targets", "alertmanager.yml")));
        await Promtool.Accepts("check", "config", Path.Combine(Config, "prometheus.yml"));
    }

    [Fact]
    public async Task Prometheus_reads_every_silo_and_media_server_of_a_cluster()
    {
        (int exitCode, string output) = await Start(
            ("STREAMS_TARGET", "silo-1:8080,silo-2:8080"), ("STREAMS_READER_TOKEN", "reader-token"), ("MEDIAMTX_TARGET", "mediamtx-a:9998,mediamtx-b:9998"));

        Assert.True(exitCode == 0, output);
        Assert.Equal(["silo-1:8080", "silo-2:8080"], Targets("streams"));
        Assert.Equal(["mediamtx-a:9998", "mediamtx-b:9998"], Targets("mediamtx"));
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_can_read_the_credentials()
    {
        await Start(("STREAMS_READER_TOKEN", "reader-token"));

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Config) & Others);
        Assert.All(Directory.EnumerateFiles(Path.Combine(Config, "secrets")), static file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & Others));
    }

    [Fact]
    public async Task A_folder_that_was_open_to_others_is_made_private_and_nothing_in_it_is_trusted()
    {
        string elsewhere = Path.Combine(_folder, "elsewhere");
        await File.WriteAllTextAsync(elsewhere, "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(Config, "secrets"));
        File.CreateSymbolicLink(Path.Combine(Config, "secrets", "streams-token"), elsewhere);
        await File.WriteAllTextAsync(Path.Combine(Config, "secrets", "mediamtx-password"), "", TestContext.Current.CancellationToken);
        foreach (string open in (string[])[Config, Path.Combine(Config, "secrets"), Path.Combine(Config, "secrets", "mediamtx-password")])
        {
            File.SetUnixFileMode(open, Everybody);
        }

        await Nobody_else_on_the_machine_can_read_the_credentials();

        Assert.Equal("reader-token", Read("secrets/streams-token"));
        Assert.Equal("", await File.ReadAllTextAsync(elsewhere, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_link_to_a_folder_is_refused_before_anything_is_written()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Config, elsewhere);

        (int exitCode, string output) = await Start(("STREAMS_READER_TOKEN", "reader-token"));

        Assert.Equal(1, exitCode);
        Assert.Contains("set PROMETHEUS_CONFIG_FOLDER to another one", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task A_folder_of_another_user_is_refused_before_anything_is_written()
    {
        // To the script, whoever owns the folder is another user than this one.
        string id = Path.Combine(_folder, "id");
        await File.WriteAllTextAsync(id, "#!/bin/sh\necho 54321\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(id, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Config);

        (int exitCode, string output) = await Start(("STREAMS_READER_TOKEN", "reader-token"));

        Assert.Equal(1, exitCode);
        Assert.Contains($"{Config} is not a folder of 54321", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Config));
    }

    [Theory]
    [InlineData("o'brien")]
    [InlineData("a/b&c\\d")]
    [InlineData("with: colon # and more")]
    [InlineData("*")]
    public async Task A_user_name_may_be_anything(string name)
    {
        (int exitCode, string output) = await Start(("MEDIAMTX_API_USER", name));

        Assert.True(exitCode == 0, output);
        Assert.Equal(name, Job("mediamtx")["basic_auth"]["username"].Text());
    }

    [Fact]
    public async Task An_API_that_is_open_to_others_is_not_read_without_a_token()
    {
        (int exitCode, string output) = await Start(("STREAMS_TARGET", "streams:8080"), ("STREAMS_READER_TOKEN", ""));

        Assert.Equal(1, exitCode);
        Assert.Contains("set STREAMS_READER_TOKEN", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_go_to_the_Alertmanager_that_is_named_and_no_longer_when_it_is_not()
    {
        await Start(("STREAMS_ALERTMANAGER", "alerts:9093"));
        Assert.Equal("alerts:9093", Target("alertmanager"));
        Assert.Equal("targets/alertmanager*.yml", Configuration()["alerting"]["alertmanagers"][0]["file_sd_configs"][0]["files"][0].Text());

        await Start(("STREAMS_ALERTMANAGER", ""));
        Assert.False(File.Exists(Path.Combine(Config, "targets", "alertmanager.yml")));
    }

    [Fact]
    public async Task An_output_that_is_missing_for_five_seconds_can_be_seen()
    {
        await Start();

        Assert.All((string[])["scrape_interval", "evaluation_interval"], name => Assert.InRange(int.Parse(Configuration()["global"][name].Text().TrimEnd('s'), null), 1, 5));
        Assert.All(Configuration()["scrape_configs"].Sequence(), static job => Assert.Null(job.Find("scrape_interval")));
    }

    [Fact]
    public async Task Shellcheck_has_nothing_to_say()
    {
        if (ChildProgram.Find("shellcheck") is not { } shellcheck)
        {
            Assert.Skip("shellcheck is not installed: make setup-test");
            return;
        }

        (int exitCode, string output) = await ChildProgram.Run(shellcheck, [Repository.PathOf("deploy", "prometheus", "start.sh")]);
        Assert.True(exitCode == 0, output);
    }

    private async Task<(int ExitCode, string Output)> Start(params (string Name, string Value)[] settings)
    {
        // What the developer's environment has is not the test's: empty means the default.
        Dictionary<string, string> environment = Settings.ToDictionary(static name => name, name => settings.FirstOrDefault(setting => setting.Name == name).Value ?? "");
        environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        environment["PROMETHEUS_CONFIG_FOLDER"] = Config;
        await using ChildProgram start = ChildProgram.Start("sh", [Repository.PathOf("deploy", "prometheus", "start.sh"), "--more"], environment);
        return (await start.WaitForEnd(), start.Output);
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(Config, name));

    private YamlNode Configuration()
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(Read("prometheus.yml")));
        return yaml.Documents[0].RootNode;
    }

    private YamlNode Job(string name) => Configuration()["scrape_configs"].Sequence().Single(job => job["job_name"].Text() == name);

    private string Target(string name) => Assert.Single(Targets(name));

    private string[] Targets(string name)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(Read($"targets/{name}.yml")));
        return [.. yaml.Documents[0].RootNode[0]["targets"].Sequence().Select(static node => node.Text())];
    }
}

using Streams.Deploy.Tests.Scripts;
using Streams.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Streams.Deploy.Tests.Containers;

/// <summary>One set of settings for make, Compose and mediamtx.yml.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private readonly RunFolder _run = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task The_documented_defaults_are_those_of_the_scripts()
    {
        IReadOnlyDictionary<string, string> actual = await LocalRun.Settings(EnvExample.Defaults.Keys.Except(EnvExample.ComposeOnly));

        Assert.All(EnvExample.Defaults.Where(static entry => entry.Key != "ORCHESTRATOR_URL" && !EnvExample.ComposeOnly.Contains(entry.Key)), entry => Assert.Equal(entry.Value, actual[entry.Key]));
        Assert.Equal("http://127.0.0.1:8080", actual["ORCHESTRATOR_URL"]);
    }

    [Fact]
    public async Task Every_setting_of_the_scripts_is_documented_with_a_line_of_meaning()
    {
        string env = await File.ReadAllTextAsync(Repository.PathOf("deploy", "scripts", "env.sh"), TestContext.Current.CancellationToken);
        IEnumerable<string> read = System.Text.RegularExpressions.Regex.Matches(env, @"^: ""\$\{([A-Z_]+):=", System.Text.RegularExpressions.RegexOptions.Multiline)
            .Select(static match => match.Groups[1].Value);

        Assert.Equal(read.Order(), EnvExample.Defaults.Keys.Except(EnvExample.ComposeOnly).Order());
        Assert.All(EnvExample.Entries(), static entry => Assert.True(entry.Comment.Length > 0, $"{entry.Name} has no comment of its own"));
    }

    [Fact]
    public async Task MediaMTX_has_the_same_defaults_in_its_own_file()
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(await File.ReadAllTextAsync(Repository.PathOf("deploy", "mediamtx", "mediamtx.yml"), TestContext.Current.CancellationToken)));
        YamlMappingNode root = (YamlMappingNode)yaml.Documents[0].RootNode;
        IReadOnlyDictionary<string, string> local = await LocalRun.Environment("MEDIAMTX_ENV");

        foreach (string name in (string[])["rtmpAddress", "rtspAddress", "hlsAddress", "apiAddress", "metricsAddress", "playbackAddress"])
        {
            Assert.Equal(local["MTX_" + name.ToUpperInvariant()], ((YamlScalarNode)root[name]).Value);
        }

        // Left to itself, MediaMTX lets everybody use the Control API and the metrics with authMethod: http.
        Assert.Empty((YamlSequenceNode)root["authHTTPExclude"]);

        // The overrides count users: the second must stay the worker, the third the operator.
        for (int user = 1; user <= 2; user++)
        {
            YamlMappingNode node = (YamlMappingNode)((YamlSequenceNode)root["authInternalUsers"])[user];
            Assert.Equal(local[$"MTX_AUTHINTERNALUSERS_{user}_USER"], ((YamlScalarNode)node["user"]).Value);
            Assert.Equal(local[$"MTX_AUTHINTERNALUSERS_{user}_PASS"], ((YamlScalarNode)node["pass"]).Value);
        }
    }

    [Theory]
    [InlineData("::1", "rtsp://[::1]:8554", "[::1]:8554")]
    [InlineData("[::1]", "rtsp://[::1]:8554", "[::1]:8554")]
    [InlineData("192.0.2.7", "rtsp://192.0.2.7:8554", "192.0.2.7:8554")]
    [InlineData("media.example.com", "rtsp://media.example.com:8554", "media.example.com:8554")]
    [InlineData("0.0.0.0", "rtsp://127.0.0.1:8554", "0.0.0.0:8554")]
    [InlineData("::", "rtsp://[::1]:8554", "[::]:8554")]
    public async Task An_address_of_the_media_server_in_every_form_makes_URLs_and_the_Control_API_stays_on_this_machine(string address, string rtsp, string listens)
    {
        Dictionary<string, string> settings = new() { ["MEDIAMTX_ADDRESS"] = address };
        IReadOnlyDictionary<string, string> silo = await LocalRun.Environment("SILO_ENV", settings);

        Assert.Equal(rtsp, silo["Streams__Media__Nodes__0__RtspUrl"]);
        Assert.Equal("http://127.0.0.1:9997", silo["Streams__Media__Nodes__0__ApiUrl"]);
        Assert.Equal(listens, (await LocalRun.Environment("MEDIAMTX_ENV", settings))["MTX_RTSPADDRESS"]);
    }

    [Theory]
    [InlineData("::1", "::1", "http://[::1]:8080")]
    [InlineData("[::1]", "::1", "http://[::1]:8080")]
    [InlineData("0.0.0.0", "0.0.0.0", "http://127.0.0.1:8080")]
    [InlineData("::", "::", "http://[::1]:8080")]
    public async Task The_APIs_address_may_be_IPv6(string address, string listens, string url)
    {
        Dictionary<string, string> settings = new() { ["STREAMS_API_ADDRESS"] = address };

        Assert.Equal(listens, (await LocalRun.Environment("SILO_ENV", settings))["Streams__Api__Address"]);
        Assert.Equal(url, (await LocalRun.Environment("MEDIAMTX_ENV", settings))["ORCHESTRATOR_URL"]);
    }

    [Theory]
    [InlineData("rtsp://192.0.2.7")]
    [InlineData("a b")]
    [InlineData("[::1")]
    [InlineData("192.0.2.7:8554")]
    [InlineData("fe80::1%eth0")]
    public async Task An_address_that_is_none_is_refused_with_the_settings_name(string address)
    {
        foreach (string name in new[] { "MEDIAMTX_ADDRESS", "STREAMS_API_ADDRESS" })
        {
            _run.Environment[name] = address;
            ScriptRun run = await _run.Bash("env", "true");
            Assert.Contains($"{name}={address} is no host name or address", run.Failed().Error, StringComparison.Ordinal);
            _run.Environment.Remove(name);
        }
    }

    [Theory]
    [InlineData("00:01:00", "00:01:00")]
    [InlineData("5", "0.00:00:05")]
    [InlineData("90s", "0.00:01:30")]
    [InlineData("1m", "0.00:01:00")]
    [InlineData("25h", "1.01:00:00")]
    public async Task A_time_is_a_number_of_seconds_too_and_five_is_not_five_days(string given, string handed)
    {
        foreach (string name in new[] { "STREAMS_RETRY_FAILED_EVERY", "STREAMS_STOP_GRACE" })
        {
            _run.Environment[name] = given;
            Assert.Equal(handed, (await _run.Bash("env", $"echo \"${name}\"")).Succeeded().Output.Trim());
            _run.Environment.Remove(name);
        }
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1d")]
    public async Task A_time_that_is_none_is_refused_with_the_settings_name(string given)
    {
        _run.Environment["STREAMS_STOP_GRACE"] = given;
        Assert.Contains($"STREAMS_STOP_GRACE={given} is no time", (await _run.Bash("env", "true")).Failed().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_programs_own_settings_in_the_file_reach_them_and_the_data_folder_is_not_overwritten()
    {
        ScriptRun run = await WithFile(
            "Streams__Workers__MaxWorkers=7\nMTX_SRT=yes\nStreams__Data__Folder=/srv/streams\nWORKER_USER=mine\n",
            "env | grep -E '^(Streams__Workers__MaxWorkers|MTX_SRT|WORKER_USER)=' | sort; printf '%s\\n' \"${SILO_ENV[@]}\" | grep Data__Folder");
        Assert.Equal("MTX_SRT=yes\nStreams__Workers__MaxWorkers=7\nStreams__Data__Folder=/srv/streams\n", run.Succeeded().Output);
    }

    [Fact]
    public async Task The_environment_wins_over_the_file_and_the_file_over_the_default()
    {
        ScriptRun run = await WithFile(
            """
            # a comment

            WORKER_USER=from-file
            WORKER_PASS="two words # and no comment"
            MEDIAMTX_API_USER='single'
            export MEDIAMTX_API_PASS=plain # a comment
            WORKER_PROFILE=from-file
            ORCHESTRATOR_TOKEN=a=b==
            """,
            "echo \"$WORKER_USER|$WORKER_PASS|$MEDIAMTX_API_USER|$MEDIAMTX_API_PASS|$WORKER_PROFILE|$ORCHESTRATOR_TOKEN\"",
            ("WORKER_PROFILE", "from-environment"));

        Assert.Equal("from-file|two words # and no comment|single|plain|from-environment|a=b==\n", run.Succeeded().Output);
    }

    [Theory]
    [InlineData("""
        "secret" # a note
        """, "secret")]
    [InlineData("""
        "secret" # a "note" of mine, "quoted"
        """, "secret")]
    [InlineData("'se\"cret'\t# it's a note", "se\"cret")]
    [InlineData("'$HOME and ${HOME}' # a note", "$HOME and ${HOME}")]
    [InlineData("'secret' ", "secret")]
    [InlineData("\"# no note\"", "# no note")]
    [InlineData("\"open # a note", "\"open")]
    [InlineData("it's # a note, isn't it", "it's")]
    [InlineData("a#b", "a#b")]
    public async Task A_value_ends_at_its_closing_quote_or_before_a_comment(string written, string value)
    {
        ScriptRun run = await WithFile("WORKER_PASS=" + written, "printf '%s' \"$WORKER_PASS\"");

        Assert.Equal(value, run.Succeeded().Output);
    }

    [Fact]
    public async Task Nothing_in_the_file_is_executed()
    {
        ScriptRun run = await WithFile("WORKER_USER=$(echo bad)`echo bad`", "printf '%s' \"$WORKER_USER\"");

        Assert.Equal("$(echo bad)`echo bad`", run.Succeeded().Output);
    }

    [Fact]
    public async Task Secrets_of_worker_profiles_come_from_the_file_and_from_the_environment()
    {
        ScriptRun run = await WithFile(
            """
            STREAMS_SECRET_KEY='from # file'
            STREAMS_SECRET_BOTH=from-file
            STREAMS_SECRETS_FOLDER=/run/secrets
            """,
            "printf '%s\\n' \"${SILO_ENV[@]}\" | grep -i secret",
            ("STREAMS_SECRET_BOTH", "from-environment"), ("STREAMS_SECRET_OTHER", "x=y"));

        Assert.Equal(
            ["STREAMS_SECRET_BOTH=from-environment", "STREAMS_SECRET_KEY=from # file", "STREAMS_SECRET_OTHER=x=y", "Streams__Workers__SecretsFolder=/run/secrets"],
            run.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Secrets_of_worker_profiles_are_kept_from_every_other_program()
    {
        ScriptRun run = await WithFile(
            "",
            "printf '%s\\n' \"${MEDIAMTX_ENV[@]}\"; . deploy/scripts/lib.sh; keep_to_oneself $SECRETS; env",
            ("STREAMS_SECRET_KEY", "secret-of-profile"), ("STREAMS_SECRET_RUN", "secret-of-another"));

        Assert.DoesNotContain("secret-of-", run.Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stores_connection_string_reaches_the_silo_and_no_other_program()
    {
        (string, string)[] settings = [("STREAMS_STORE", "postgres"), ("STREAMS_STORE_CONNECTION", "Host=db;Password=secret-of-store")];

        ScriptRun silo = await WithFile("", "printf '%s\\n' \"${SILO_ENV[@]}\" | grep Store", settings);
        ScriptRun others = await WithFile("", "printf '%s\\n' \"${MEDIAMTX_ENV[@]}\"; . deploy/scripts/lib.sh; keep_to_oneself $SECRETS; env", settings);

        Assert.Equal("Streams__Store__Kind=postgres\nStreams__Store__ConnectionString=Host=db;Password=secret-of-store\n", silo.Succeeded().Output);
        Assert.DoesNotContain("secret-of-store", others.Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("just words", "not a NAME=value line")]
    [InlineData("1NAME=value", "not a NAME=value line")]
    [InlineData("STREAMS_API_PORT=http", "is not a port")]
    [InlineData("STREAMS_API_PORT=0", "is not a port")]
    [InlineData("STREAMS_API_PORT=70000", "is not a port")]
    [InlineData("STREAMS_STORE=mysql", "STREAMS_STORE=mysql is neither sqlite nor postgres")]
    [InlineData("STREAMS_CLUSTERING=zookeeper", "STREAMS_CLUSTERING=zookeeper is neither localhost nor postgres")]
    [InlineData("STREAMS_STOP_WITHIN=a[$(id)]", "is not a number of seconds")]
    [InlineData("STREAMS_STOP_WITHIN=0", "is not a number of seconds")]
    [InlineData("STREAMS_LOG_SIZE=10", "is no size")]
    [InlineData("STREAMS_LOG_SIZE=x[$(id)]m", "is no size")]
    [InlineData("STREAMS_LOG_SIZE=m", "is no size")]
    [InlineData("STREAMS_LOG_SIZE=0m", "is no size")]
    [InlineData("STREAMS_LOG_SIZE=10mb", "is no size")]
    [InlineData("STREAMS_LOG_FILES=0", "is not a number of files")]
    [InlineData("STREAMS_API_PORT=8554\nMEDIAMTX_RTSP_PORT=8554", "another setting has this port already")]
    public async Task A_setting_that_cannot_be_is_refused_by_name(string content, string reason)
    {
        ScriptRun run = await WithFile(content, "echo went on");

        Assert.Contains(reason, run.Failed().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("went on", run.Output, StringComparison.Ordinal);
    }

    private async Task<ScriptRun> WithFile(string content, string script, params (string Name, string Value)[] environment)
    {
        string file = Path.Combine(_run.Path, "settings");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        foreach (string name in RunFolder.Ports)
        {
            _run.Environment[name] = null;
        }

        _run.Environment["STREAMS_ENV_FILE"] = file;
        foreach ((string name, string value) in environment)
        {
            _run.Environment[name] = value;
        }

        ScriptRun run = await _run.Bash("env", script);
        _run.Environment["STREAMS_ENV_FILE"] = "/dev/null";
        return run;
    }
}

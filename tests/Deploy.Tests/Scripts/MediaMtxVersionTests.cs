using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>Which versions of MediaMTX the scripts use, and with which configuration.</summary>
public sealed class MediaMtxVersionTests : IAsyncLifetime
{
    private const string Check =
        "MEDIAMTX_FOUND=$MEDIAMTX_BIN MEDIAMTX_FROM=MEDIAMTX_BIN; check_mediamtx_version; echo \"$MEDIAMTX_FOUND_VERSION ${MEDIAMTX_CONFIG##*/} ${MEDIAMTX_CONFIG_ENV[*]-}\"";

    private readonly RunFolder _run = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("v1.18.2", "mediamtx-1.18.yml MTX_MOQ=no")]
    [InlineData("v1.18.10", "mediamtx-1.18.yml MTX_MOQ=no")]
    [InlineData("v1.19.0", "mediamtx-1.18.yml MTX_MOQ=no")]
    [InlineData("v1.19.2", "mediamtx-1.18.yml MTX_MOQ=no")]
    [InlineData("v1.19.3", "mediamtx.yml ")]
    [InlineData("v1.20.1", "mediamtx.yml ")]
    [InlineData("1.20.1", "mediamtx.yml ")]
    [InlineData("v1.20.1-standin", "mediamtx.yml ")]
    [InlineData("v1.21.12", "mediamtx.yml ")]
    public async Task A_version_that_works_gets_its_configuration(string version, string configuration)
    {
        Answering($"echo {version}");

        ScriptRun run = (await _run.Bash("env lib mediamtx", Check)).Succeeded();

        Assert.Equal($"{version} {configuration}\n", run.Output);
        Assert.True(File.Exists(Repository.PathOf("deploy", "mediamtx", configuration.Split(' ')[0])));
    }

    [Theory]
    [InlineData("v0.0.0")]
    [InlineData("v1.17.1")]
    [InlineData("v1.18.0")]
    [InlineData("v1.18.1")]
    [InlineData("v1.22.0")]
    [InlineData("v2.0.0")]
    [InlineData("v12.20.1")]
    public async Task Another_version_is_an_error_that_says_what_was_found_where_and_what_to_do(string version)
    {
        string program = Answering($"echo {version}");

        ScriptRun run = (await _run.Bash("env lib mediamtx", Check)).Failed();

        Assert.Contains($"MediaMTX {version} (MEDIAMTX_BIN: {program})", run.Error, StringComparison.Ordinal);
        Assert.Contains("v1.18.2 to v1.21.x", run.Error, StringComparison.Ordinal);
        Assert.Contains("set MEDIAMTX_BIN to another, or unset it to download v1.20.1", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":")]
    [InlineData("echo something else")]
    [InlineData("echo v1.20")]
    [InlineData("echo v1.20.x")]
    [InlineData("echo v1.20.1; exit 1")]
    [InlineData("exec sleep 60")]
    [InlineData("sleep 60; echo v1.20.1")]
    public async Task A_version_that_cannot_be_read_is_an_error_in_time(string lines)
    {
        string program = Answering(lines);
        _run.Environment["MEDIAMTX_VERSION_WITHIN"] = "2";
        _run.Environment["STREAMS_DEV_RUN"] = _run.Path; // to be found when it is left over

        ScriptRun run = (await _run.Bash("env lib mediamtx", Check)).Failed();

        Assert.Contains($"{program} (MEDIAMTX_BIN) does not say which MediaMTX it is", run.Error, StringComparison.Ordinal);
        Assert.Contains("v1.18.2 to v1.21.x", run.Error, StringComparison.Ordinal);
        Assert.InRange(run.Took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Empty(_run.ProcessesLeft());
    }

    [Fact]
    public async Task One_on_the_PATH_that_does_not_work_can_be_passed_over_by_MEDIAMTX_BIN()
    {
        Program("mediamtx", "echo v1.0.0");
        _run.Environment["PATH"] = $"{_run.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        ScriptRun run = (await _run.Bash("env lib mediamtx", "check_given_mediamtx")).Failed();

        Assert.Contains($"MediaMTX v1.0.0 (the PATH: {_run.Path}/mediamtx)", run.Error, StringComparison.Ordinal);
        Assert.Contains("set MEDIAMTX_BIN to another, or take it off the PATH to download v1.20.1", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("verify")]
    [InlineData("bench")]
    [InlineData("chaos")]
    public async Task What_would_use_it_asks_before_anything_is_built(string script)
    {
        Answering("echo v1.17.1");
        if (script == "test")
        {
            _run.Environment["STREAMS_MEDIAMTX"] = "standin"; // the tests run on a real one as well where it is there
        }

        ScriptRun run = (await _run.Script(script)).Failed();

        Assert.Contains("MediaMTX v1.17.1", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("building", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_run.Path, "build")));
    }

    private string Answering(string lines) => _run.Environment["MEDIAMTX_BIN"] = Program("my-mediamtx", $"[ \"$*\" = --version ] || exit 9\n{lines}");

    private string Program(string name, string lines)
    {
        string file = Path.Combine(_run.Path, name);
        File.WriteAllText(file, $"#!/bin/sh\n{lines}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}

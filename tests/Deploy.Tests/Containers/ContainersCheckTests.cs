using Streams.Deploy.Tests.Scripts;
using Xunit;

namespace Streams.Deploy.Tests.Containers;

/// <summary>make containers-check where nothing can be checked: it fails and says why.</summary>
public sealed class ContainersCheckTests : IAsyncLifetime
{
    private readonly RunFolder _run = new();

    private string Programs => Path.Combine(_run.Path, "programs");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Programs);
        _run.Environment["PATH"] = $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}";
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    public async Task Without_an_engine_it_says_what_each_program_answered(string cluster)
    {
        _run.Environment["CLUSTER"] = cluster;
        Fake("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        Fake("podman", "echo 'Error: no storage' >&2; exit 125");

        ScriptRun check = (await _run.Script("containers-check")).Failed();

        Assert.Contains("the containers were not checked: docker has no engine: Cannot connect to the Docker daemon; podman does not work here: Error: no storage", check.Error, StringComparison.Ordinal);
        Assert.Contains("Install Docker with Compose, or podman with docker-compose", check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Compose_it_names_the_engine_that_is_there()
    {
        Fake("docker", "case $1 in version) echo 27.0.1 ;; info) echo 'runc, overlay2' ;; *) exit 1 ;; esac");
        Fake("docker-compose", "exit 127");

        ScriptRun check = (await _run.Script("containers-check")).Failed();

        Assert.Contains("there is Docker 27.0.1 (runc, overlay2), and no Compose", check.Error, StringComparison.Ordinal);
    }

    private void Fake(string name, string body)
    {
        string file = Path.Combine(Programs, name);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>Where make dev takes a MediaMTX from: MEDIAMTX_BIN, the PATH, the cache, the release, else none.</summary>
public sealed class MediaMtxDiscoveryTests : IAsyncLifetime
{
    private const string Find =
        "if find_mediamtx; then echo \"found|$MEDIAMTX_FOUND|$MEDIAMTX_FROM\"; else echo \"none|$MEDIAMTX_WHY\"; fi";

    private readonly RunFolder _run = new();

    private string Programs => Path.Combine(_run.Path, "programs");

    private string Cached => Path.Combine(_run.Path, "cache", "mediamtx_v0_test", "mediamtx");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Programs);
        _run.Environment["PATH"] = $"{Programs}:{PathWithoutMediaMtx()}";
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task MEDIAMTX_BIN_comes_before_all_else()
    {
        string named = Program(Path.Combine(_run.Path, "my-mediamtx"));
        Program(Path.Combine(Programs, "mediamtx"));
        _run.Environment["MEDIAMTX_BIN"] = named;

        Assert.Equal($"found|{named}|MEDIAMTX_BIN", await Discover());
    }

    [Fact]
    public async Task A_MEDIAMTX_BIN_that_is_none_is_an_error_and_nothing_else_is_taken()
    {
        Program(Path.Combine(Programs, "mediamtx"));
        _run.Environment["MEDIAMTX_BIN"] = Path.Combine(_run.Path, "missing");

        ScriptRun run = (await _run.Bash("env lib mediamtx", Find)).Failed();

        Assert.Contains("is not an executable file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_PATH_comes_before_the_cache()
    {
        string onPath = Program(Path.Combine(Programs, "mediamtx"));
        Program(Cached);

        Assert.Equal($"found|{onPath}|the PATH", await Discover());
    }

    [Fact]
    public async Task The_cache_comes_before_the_release()
    {
        await using ReleaseServer server = ReleaseServer.Refusing("404 Not Found");
        Program(Cached);

        Assert.Equal($"found|{Cached}|the cache", await Discover(server));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_release_with_the_right_checksum_is_unpacked_into_the_cache_once()
    {
        byte[] tarball = ReleaseServer.Tarball("mediamtx", "#!/bin/sh\necho real\n");
        await using ReleaseServer server = ReleaseServer.Serving(tarball);

        string first = await Discover(server, ReleaseServer.Sha256(tarball));
        string second = await Discover(server, ReleaseServer.Sha256(tarball));

        Assert.StartsWith($"found|{Cached}|the release v", first, StringComparison.Ordinal);
        Assert.Equal($"found|{Cached}|the cache", second);
        Assert.Equal(1, server.Requests);
        Assert.Equal((0, "real"), await ChildProgram.Run(Cached, []));
    }

    [Fact]
    public async Task A_release_with_another_checksum_is_refused_and_not_kept()
    {
        await using ReleaseServer server = ReleaseServer.Serving(ReleaseServer.Tarball("mediamtx", "tampered"));

        string found = await Discover(server, new string('0', 64));

        Assert.StartsWith("none|", found, StringComparison.Ordinal);
        Assert.Contains("refused: its sha256 is", found, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(_run.Path, "cache", "failed")], Directory.EnumerateFileSystemEntries(Path.Combine(_run.Path, "cache")));
    }

    [Fact]
    public async Task A_release_without_the_program_is_refused()
    {
        byte[] tarball = ReleaseServer.Tarball("something-else", "");
        await using ReleaseServer server = ReleaseServer.Serving(tarball);

        Assert.Contains("holds no mediamtx", await Discover(server, ReleaseServer.Sha256(tarball)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pinned_checksum_is_the_one_that_is_compared()
    {
        // Without the test's own release: the name and the checksum that are pinned for this machine.
        await using ReleaseServer server = ReleaseServer.Serving(ReleaseServer.Tarball("mediamtx", "not the real one"));
        _run.Environment["MEDIAMTX_RELEASES"] = server.Address;

        ScriptRun run = (await _run.Bash("env lib mediamtx", Find)).Succeeded();

        Assert.StartsWith("none|", run.Output, StringComparison.Ordinal);
        Assert.Matches("/v1.20.1/mediamtx_v1.20.1_linux_(amd64|arm64).tar.gz refused: its sha256 is .*, not (81b143f5|d1689f0b)", run.Output);
    }

    // One that begins and then stalls takes up to twice as long: curl looks at the mean of the last five seconds.
    [Theory]
    [InlineData(false, 9)]
    [InlineData(true, 14)]
    public async Task An_attempt_without_an_answer_ends_after_five_seconds(bool sendsABeginning, int atMost)
    {
        await using ReleaseServer server = sendsABeginning ? ReleaseServer.Stalling() : ReleaseServer.Silent();
        _run.Environment["MEDIAMTX_RELEASES"] = server.Address;

        ScriptRun run = (await _run.Bash("env lib mediamtx", Find)).Succeeded();

        Assert.StartsWith("none|download of", run.Output, StringComparison.Ordinal);
        Assert.InRange(run.Took, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(atMost));
    }

    [Fact]
    public async Task A_failed_download_is_remembered_for_an_hour()
    {
        await using ReleaseServer server = ReleaseServer.Refusing("404 Not Found");

        string first = await Discover(server);
        string second = await Discover(server);
        Assert.Contains("404", first, StringComparison.Ordinal);
        Assert.Contains("tried within the last hour", second, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);

        string memory = Path.Combine(_run.Path, "cache", "failed");
        string[] lines = await File.ReadAllLinesAsync(memory, TestContext.Current.CancellationToken);
        lines[0] = (long.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture) - 3601).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(memory, lines, TestContext.Current.CancellationToken);
        await Discover(server);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Who_insists_on_the_real_one_has_it_tried_again()
    {
        await using ReleaseServer server = ReleaseServer.Refusing("503 Service Unavailable");
        await Discover(server);
        _run.Environment["STREAMS_MEDIAMTX"] = "real";

        await Discover(server);

        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Who_wants_the_stand_in_has_nothing_looked_for()
    {
        await using ReleaseServer server = ReleaseServer.Refusing("404 Not Found");
        Program(Path.Combine(Programs, "mediamtx"));
        _run.Environment["STREAMS_MEDIAMTX"] = "standin";

        Assert.Equal("none|STREAMS_MEDIAMTX=standin", await Discover(server));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Another_word_for_STREAMS_MEDIAMTX_is_an_error()
    {
        _run.Environment["STREAMS_MEDIAMTX"] = "fake";

        Assert.Contains("none of auto, real, standin", (await _run.Bash("env lib mediamtx", Find)).Failed().Error, StringComparison.Ordinal);
    }

    private async Task<string> Discover(ReleaseServer? server = null, string sha256 = "unknown")
    {
        _run.Environment["MEDIAMTX_RELEASES"] = server?.Address ?? "http://127.0.0.1:1";
        string release = $"mediamtx_release() {{ MEDIAMTX_TARBALL=mediamtx_v0_test.tar.gz MEDIAMTX_SHA256={sha256}; }}; ";
        return (await _run.Bash("env lib mediamtx", release + Find)).Succeeded().Output.Trim();
    }

    private static string Program(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "#!/bin/sh\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    private static string PathWithoutMediaMtx() => string.Join(':', Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Where(static folder => !File.Exists(Path.Combine(folder, "mediamtx"))));
}

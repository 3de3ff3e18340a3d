using System.Globalization;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>The logs of make dev: bounded, whole, and followed over a change of files.</summary>
public sealed class LogTests : IAsyncLifetime
{
    private readonly RunFolder _run = new RunFolder().WithFakeParts();

    private string Logs => Path.Combine(_run.Path, "logs");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task Whoever_follows_a_log_sees_each_line_once_over_hundreds_of_files()
    {
        string log = Path.Combine(_run.Path, "part.log");
        const string Script = """
            "$0/log-read.pl" "$1" all 1 >"$1.seen" & reader=$!
            { for part in 1 2 3 4 5 6 7 8 9 10; do seq -f 'line %.0f of many' $((part * 20000 - 19999)) $((part * 20000)); sleep 0.05; done; echo last; } | "$0/log-write.pl" "$1" 8192 999
            until [ "$(tail -n 1 "$1.seen")" = last ]; do sleep 0.1; done
            kill "$reader"
            """;
        (int exitCode, string output) = await ChildProgram.Run("bash", ["-c", Script, Repository.PathOf("deploy", "scripts"), log]);

        Assert.True(exitCode == 0, output);
        string[] written = [.. Enumerable.Range(1, 200_000).Select(static line => string.Create(CultureInfo.InvariantCulture, $"line {line} of many")), "last"];
        Assert.Equal(written, await File.ReadAllLinesAsync(log + ".seen", TestContext.Current.CancellationToken));
        string[] files = Directory.GetFiles(_run.Path, "part.log*").Where(static file => !file.EndsWith(".seen", StringComparison.Ordinal)).ToArray();
        Assert.True(files.Length > 100, $"{files.Length} files");
        Assert.All(files, static file => Assert.InRange(new FileInfo(file).Length, 1, 8192));
    }

    [Fact]
    public async Task A_line_that_is_longer_than_a_file_is_kept_whole_and_one_without_an_end_too()
    {
        string log = Path.Combine(_run.Path, "part.log");
        string line = new('x', 5000);
        (int exitCode, string output) = await ChildProgram.Run("bash", ["-c", $"printf 'one\\n{line}\\ntwo' | \"$0/log-write.pl\" \"$1\" 1024 9", Repository.PathOf("deploy", "scripts"), log]);

        Assert.True(exitCode == 0, output);
        Assert.Equal("two\n", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        Assert.Equal(line + "\n", await File.ReadAllTextAsync(log + ".1", TestContext.Current.CancellationToken));
        Assert.Equal("one\n", await File.ReadAllTextAsync(log + ".2", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_part_wrote_does_nothing_to_a_terminal()
    {
        Directory.CreateDirectory(Logs);
        await File.WriteAllTextAsync(Path.Combine(Logs, "silo.log"), "red \u001b[31m nul \0 del \u007f csi \u009b31m\r tab\t \U0001F600 \u00a0é\n", TestContext.Current.CancellationToken);
        _run.Environment["FOLLOW"] = "0";

        ScriptRun logs = (await _run.Script("logs")).Succeeded();

        Assert.Equal("silo     | red \\x1b[31m nul \\x00 del \\x7f csi \\x9b31m\\x0d tab\t \U0001F600 \u00a0é\n", logs.Output);
    }

    [Fact]
    public async Task The_logs_of_the_parts_have_so_many_files_of_so_many_bytes_and_make_logs_shows_all_of_them()
    {
        _run.Environment["MTX_FAKE_LINES"] = "3000";
        _run.Environment["STREAMS_LOG_SIZE"] = "16k";
        _run.Environment["STREAMS_LOG_FILES"] = "4";
        (await _run.Script("dev")).Succeeded();
        _run.Environment["STREAM"] = "demo";
        _run.Environment["FOLLOW"] = "0";

        ScriptRun logs = (await _run.Script("logs")).Succeeded();

        foreach (string part in (string[])["silo", "mediamtx"])
        {
            Assert.Equal([$"{part}.log", $"{part}.log.1", $"{part}.log.2", $"{part}.log.3"], Directory.GetFiles(Logs, $"{part}.*").Select(Path.GetFileName).Order());
            Assert.All(Directory.GetFiles(Logs, $"{part}.*"), static file => Assert.InRange(new FileInfo(file).Length, 1, 16 * 1024));
            int[] numbers = [.. logs.Output.Split('\n').Where(line => line.StartsWith(part, StringComparison.Ordinal)).Select(static line => int.Parse(line.Split(':', '}')[^2], CultureInfo.InvariantCulture))];
            Assert.Equal(Enumerable.Range(numbers[0], 3000 - numbers[0] + 1), numbers);
            Assert.InRange(numbers.Length, 1000, 2999);
        }
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("mediamtx")]
    public async Task A_killed_part_leaves_no_log_process_and_its_last_lines_are_kept_when_it_starts_again(string part)
    {
        _run.Environment["MTX_FAKE_LINES"] = "100";
        (await _run.Script("dev")).Succeeded();
        int[] pids = PidsOf(part);
        Assert.All(pids, static pid => Assert.True(Processes.IsAlive(pid)));
        Processes.Signal(pids[0], Processes.KillSignal);
        await Eventually.True(() => pids.All(static pid => !Processes.IsAlive(pid)), "neither the part nor what writes its log");

        (await _run.Script("dev")).Succeeded();

        Assert.Contains("\"line\":100", await File.ReadAllTextAsync(Path.Combine(Logs, $"{part}.log.1"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.NotEqual(pids, PidsOf(part));
        (await _run.Script("down")).Succeeded();
        Assert.Empty(_run.ProcessesLeft());
    }

    [Fact]
    public async Task What_writes_a_log_does_not_end_before_its_part()
    {
        (await _run.Script("dev")).Succeeded();
        int[] pids = PidsOf("silo");
        Processes.Signal(pids[1], ChildProgram.Terminate);
        Processes.Signal(pids[1], ChildProgram.Interrupt);

        ScriptRun down = (await _run.Script("down")).Succeeded();

        Assert.Equal("", down.Error);
        Assert.All(pids, static pid => Assert.False(Processes.IsAlive(pid)));
    }

    /// <summary>Of a part, and of what writes its log.</summary>
    private int[] PidsOf(string part)
    {
        string[] record = File.ReadAllLines(Path.Combine(_run.Path, "pids", part));
        return [.. new[] { record[0], record[3] }.Select(static line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];
    }
}

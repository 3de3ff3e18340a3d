using System.ComponentModel;
using System.Globalization;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Os;

/// <summary>Real children: what they are given, and that no end of one goes unheard.</summary>
public sealed class ChildProcessTests
{
    /// <summary>Signals 32 and 33, which glibc keeps for threads and ignores in whatever it spawns.</summary>
    private const ulong OfGlibc = 0x1_8000_0000;

    private static readonly Dictionary<string, string> Variables = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    public async Task The_exit_code_is_the_programs_or_the_signals(string script, int code)
    {
        using ChildProcess child = Run(script);
        Assert.Equal(code, await Ended(child));
    }

    [Fact]
    public async Task No_end_goes_unheard_however_soon_and_however_many_at_once()
    {
        for (int round = 0; round < 5; round++)
        {
            ChildProcess[] children = [.. Enumerable.Range(0, 60).Select(number => Run($"exit {number}"))];
            int[] codes = await Task.WhenAll(children.Select(Ended));
            Assert.Equal(Enumerable.Range(0, 60), codes);
            Array.ForEach(children, static child => child.Dispose());
        }
    }

    [Fact]
    public async Task Both_pipes_end_with_the_child_though_others_were_started_meanwhile()
    {
        using ChildProcess child = Run("echo out; echo err >&2; read -r line; exec sleep 0");
        using ChildProcess other = Run("exec sleep 60");
        Assert.Equal("out\n", await new StreamReader(child.Output).ReadToEndAsync().WaitAsync(Limit));
        Assert.Equal("err\n", await new StreamReader(child.Error).ReadToEndAsync().WaitAsync(Limit));
        Assert.Equal(0, await Ended(child));
        Signals.SendToGroup(other.Pid, Signals.Kill);
        await Ended(other);
    }

    [Fact]
    public async Task A_child_has_three_handles_default_signals_and_a_group_of_its_own()
    {
        using ChildProcess other = Run("exec sleep 60");
        using ChildProcess child = Run("exec sleep 60");
        string[] signals = [.. File.ReadLines($"/proc/{child.Pid}/status").Where(static line => line.StartsWith("SigIgn", StringComparison.Ordinal) || line.StartsWith("SigBlk", StringComparison.Ordinal))];
        Assert.Equal(2, signals.Length);
        Dictionary<string, string> handles = HandlesOf(child);
        Assert.Equal("/dev/null", handles["0"]);
        Assert.All(["1", "2"], number => Assert.StartsWith("pipe:", handles[number], StringComparison.Ordinal));
        Assert.Empty(handles.Values.Where(static target => target.StartsWith("pipe:", StringComparison.Ordinal)).Intersect([HandlesOf(other)["1"], HandlesOf(other)["2"]]));
        Assert.All(signals, static line => Assert.Equal(0UL, ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~OfGlibc));
        Assert.Equal(child.Pid, Testing.Processes.GroupOf(child.Pid));
        Assert.All([child, other], static one => Signals.SendToGroup(one.Pid, Signals.Kill));
        Assert.Equal(137, await Ended(child));
        Assert.Equal(137, await Ended(other));
    }

    [Fact]
    public void What_cannot_be_executed_is_refused_with_the_systems_number_and_leaves_no_handle()
    {
        int before = Directory.GetFiles("/proc/self/fd").Length;
        for (int i = 0; i < 50; i++)
        {
            Win32Exception refused = Assert.Throws<Win32Exception>(() => ChildProcess.Start("/nowhere/program", [], Variables));
            Assert.Equal(2, refused.NativeErrorCode); // ENOENT
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 40);
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] given = ["", "a b", "$HOME", "'\"", "é€😀", "-x"];
        using ChildProcess child = ChildProcess.Start("/bin/sh", ["-c", "for a; do printf '[%s]' \"$a\"; done", "name", .. given], Variables);
        Assert.Equal(string.Concat(given.Select(static text => $"[{text}]")), await new StreamReader(child.Output).ReadToEndAsync().WaitAsync(Limit));
        Assert.Equal(0, await Ended(child));
    }

    private static Dictionary<string, string> HandlesOf(ChildProcess child) =>
        new DirectoryInfo($"/proc/{child.Pid}/fd").GetFiles().ToDictionary(static handle => handle.Name, static handle => handle.LinkTarget ?? "");

    private static TimeSpan Limit => TimeSpan.FromSeconds(30);

    private static ChildProcess Run(string script) => ChildProcess.Start("/bin/sh", ["-c", script], Variables);

    private static Task<int> Ended(ChildProcess child) => child.Exited.WaitAsync(Limit);
}

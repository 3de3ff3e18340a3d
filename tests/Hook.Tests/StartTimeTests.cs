using System.Diagnostics;
using CliWrap;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Streams.Hook.Tests;

public sealed class StartTimeTests(NativeHook hook, ITestOutputHelper output)
{
    private const int Runs = 15;
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// The aim is twice curl's time; a busy machine gets slack, since this is here to catch a hook that became slow, not to
    /// measure it. curl does what the hook does: one POST of a small body to the same server, in turn with it.
    /// </summary>
    [Fact]
    public async Task A_run_takes_about_as_long_as_curl()
    {
        string? curl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "curl"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(curl is null, "no curl to compare with");
        await using WebApplication server = await Kestrel.Start();
        string url = server.Urls.Single();
        Command ours = await hook.Command(HookVariables.For(url), "ready");
        Command theirs = Cli.Wrap(curl!).WithArguments(
        [
            "--silent", "--output", "/dev/null", "--fail", "--request", "POST", "--header", "Content-Type: application/json",
            "--data", """{"path":"live/demo/in"}""", $"{url}/v1/mediamtx/events/ready",
        ]);
        List<TimeSpan> hookTimes = [];
        List<TimeSpan> curlTimes = [];

        // One run of each that does not count: the server's first answers are compiled while they are given.
        for (int run = 0; run <= Runs; run++)
        {
            hookTimes.Add(await Time(ours));
            curlTimes.Add(await Time(theirs));
        }

        TimeSpan hookMedian = Median(hookTimes[1..]);
        TimeSpan curlMedian = Median(curlTimes[1..]);
        string figures = $"median of {Runs}: mtx-hook {hookMedian.TotalMilliseconds:0.0} ms, curl {curlMedian.TotalMilliseconds:0.0} ms";
        output.WriteLine(figures);
        Assert.True(hookMedian <= (3 * curlMedian) + Slack, figures);
    }

    private static async Task<TimeSpan> Time(Command command)
    {
        long start = Stopwatch.GetTimestamp();
        CommandResult result = await command.WithValidation(CommandResultValidation.None).ExecuteAsync();
        Assert.Equal(0, result.ExitCode);
        return Stopwatch.GetElapsedTime(start);
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}

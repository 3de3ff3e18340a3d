using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A silo whose limit of open files is lowered under what it has open; real processes, real hooks.</summary>
public sealed class HandleFaultTests(ITestOutputHelper report)
{
    [Fact]
    public async Task Short_of_file_handles_new_workers_wait_the_API_and_hooks_live_and_nothing_ends()
    {
        if (ChildProgram.Find("prlimit") is null)
        {
            Assert.Skip("there is no prlimit (util-linux)");
        }

        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string name = TestStream.NewId("fd");
        string[] living = [name + "-1", name + "-2", name + "-3"];
        foreach (string id in living)
        {
            await system.Media.StartSynthetic(id);
            await system.WaitForFrames(id);
        }

        ILookup<string, int> before = WorkerWatch.Workers(living.Contains);
        string waiting = name + "-4";
        foreach (string limit in (string[])["400:", "64:"])
        {
            Assert.Equal(0, (await ChildProgram.Run("prlimit", ["--pid", $"{system.Silo.Pid}", $"--nofile={limit}"])).ExitCode);
            await Eventually.True(() => system.Silo.Output.Contains("File handles are short", StringComparison.Ordinal), "the silo says that handles are short");
            await system.Media.StartSynthetic(waiting);
            JsonElement refused = (await Eventually.Get<JsonElement?>(
                () => system.Status(waiting),
                static status => status is { } seen && seen.GetProperty("phase").GetString() == "Backoff",
                $"{waiting} waits for a handle"))!.Value;
            Assert.Contains("no file handle to spare", refused.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
            Assert.Equal(0, refused.GetProperty("retries").GetInt32());
            report.WriteLine($"{limit} {await AnswersOf100(system)}");
            await system.Media.EndSynthetic(waiting);
            await system.WaitForPhase(waiting, "Offline");
            Assert.Equal(before.SelectMany(static pids => pids).Order(), WorkerWatch.Workers(living.Contains).SelectMany(static pids => pids).Order());
        }

        await system.Media.StartSynthetic(waiting);
        await Eventually.Get<JsonElement?>(() => system.Status(waiting), static status => status?.GetProperty("phase").GetString() == "Backoff", $"{waiting} waits again");
        Assert.Equal(0, (await ChildProgram.Run("prlimit", ["--pid", $"{system.Silo.Pid}", "--nofile=4096:"])).ExitCode);
        long raised = Stopwatch.GetTimestamp();
        JsonElement running = (await Eventually.Get<JsonElement?>(
            () => system.Status(waiting), static status => status?.GetProperty("phase").GetString() == "Running", $"{waiting} runs", TimeSpan.FromSeconds(30)))!.Value;
        report.WriteLine($"runs {Stopwatch.GetElapsedTime(raised).TotalSeconds:0.0} s after the limit was raised");
        Assert.Equal(before.SelectMany(static pids => pids).Order(), WorkerWatch.Workers(living.Contains).SelectMany(static pids => pids).Order());
        Assert.Contains("There are enough file handles again", system.Silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", system.Silo.Output, StringComparison.Ordinal);

        // Nothing that was saved meanwhile is lost.
        system.Silo.Signal(ChildProgram.Terminate);
        long told = Stopwatch.GetTimestamp();
        Assert.Equal(0, await system.Silo.WaitForEnd(TimeSpan.FromSeconds(60)));
        report.WriteLine($"ended {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s after it was told to");
        await system.StartSilo();
        await system.WaitForFrames(waiting, running.GetProperty("generation").GetInt64() + 1);
    }

    private static async Task<string> AnswersOf100(StreamsSystem system)
    {
        double longest = 0;
        for (int i = 0; i < 100; i++)
        {
            using HttpClient http = new() { BaseAddress = system.Api.BaseAddress, Timeout = TimeSpan.FromSeconds(10) }; // a connection of its own, as a hook has
            long asked = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/v1/streams", UriKind.Relative))).StatusCode);
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        return $"100 of 100 requests answered, the slowest after {longest:0} ms";
    }
}

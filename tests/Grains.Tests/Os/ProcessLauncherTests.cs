using System.Diagnostics;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Os;

/// <summary>Linux kills a worker when the thread that forked it ends: so that thread must never end while the silo lives.</summary>
public sealed class ProcessLauncherTests
{
    private static readonly Dictionary<string, string> Variables = new(WorkerEnvironment.Select([])) { ["STREAMS_TEST"] = "1" };

    [Fact]
    public async Task A_worker_outlives_the_thread_that_asked_for_it()
    {
        using ProcessLauncher launcher = new();
        Assert.True(launcher.IsAirtight, "setpriv is part of what make setup installs.");
        Task<ChildProcess>? starting = null;
        Thread asking = new(() => starting = launcher.Start(FakeWorker.Program, ["silent"], Variables));
        asking.Start();
        asking.Join();
        using ChildProcess worker = await starting!;
        await StaysAlive([worker]);
    }

    [Fact]
    public async Task Workers_outlive_the_pool_threads_that_asked_for_them()
    {
        using ProcessLauncher launcher = new();
        using Barrier together = new(12);
        ChildProcess[] workers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(); // So that each has a thread of its own.
                return launcher.Start(FakeWorker.Program, ["silent"], Variables);
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            TaskScheduler.Default).Unwrap()));

        // This project's pool gives idle threads up after half a second: see its runtime configuration.
        await Eventually.True(() => ThreadPool.ThreadCount < 12, "pool threads retired");
        await StaysAlive(workers);
    }

    [Fact]
    public async Task A_worker_leads_a_group_of_its_own_with_default_signals_and_without_our_secrets()
    {
        using ProcessLauncher launcher = new();
        Environment.SetEnvironmentVariable("Streams__Media__WorkerPassword", "secret");
        using ChildProcess worker = await launcher.Start(FakeWorker.Program, ["silent"], Variables);
        try
        {
            // It is setpriv first, and each program has its environment anew.
            await Eventually.True(() => File.ReadAllText($"/proc/{worker.Pid}/cmdline").Contains("bash\0", StringComparison.Ordinal), "the program itself");
            string environment = await Eventually.Get(
                () => File.ReadAllText($"/proc/{worker.Pid}/environ"), static text => text.Contains("STREAMS_TEST=1", StringComparison.Ordinal), "its environment");
            Assert.Equal(worker.Pid, Processes.GroupOf(worker.Pid));
            string[] names = [.. environment.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(static variable => variable[..variable.IndexOf('=', StringComparison.Ordinal)])];
            Assert.All(names, static name => Assert.True(WorkerEnvironment.IsCommon(name) || name is "STREAMS_TEST" or "_" or "PWD" or "SHLVL", name));
            Assert.DoesNotContain("secret", environment, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Streams__Media__WorkerPassword", null);
            await End([worker]);
        }
    }

    /// <summary>A death signal comes with the end of the thread; half a second later it would long be there.</summary>
    private static async Task StaysAlive(ChildProcess[] workers)
    {
        long start = Stopwatch.GetTimestamp();
        await Eventually.True(
            () => workers.Any(static worker => worker.Exited.IsCompleted) || Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(500), "half a second");
        int dead = workers.Count(static worker => worker.Exited.IsCompleted);
        await End(workers);
        Assert.Equal(0, dead);
    }

    private static async Task End(ChildProcess[] workers)
    {
        foreach (ChildProcess worker in workers)
        {
            Signals.SendToGroup(worker.Pid, Signals.Kill);
            await worker.Exited;
            worker.Dispose();
        }
    }
}

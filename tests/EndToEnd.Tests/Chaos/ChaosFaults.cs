using Streams.Testing;
using Streams.Testing.Cluster;

namespace Streams.EndToEnd.Tests;

/// <summary>Faults of a cluster's parts: each lasts for a while, and is over when its task is.</summary>
/// <param name="system">The cluster.</param>
/// <param name="judge">What it is told about overlaps that a fault excuses.</param>
/// <param name="timeline">What it records.</param>
/// <param name="longestOutage">The longest time for which the database is frozen.</param>
internal sealed class ChaosFaults(ClusterSystem system, ChaosJudge judge, ChaosTimeline timeline, TimeSpan longestOutage)
{
    /// <summary>How long after the end of a fault a part may still be behind: what was held arrives, and is answered.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(4);

    private const int AtOnce = 2;
    private int _outages;

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>Does to the cluster what chance says, up to two faults at once, until a time, and returns when all is whole again.</summary>
    public async Task Run(Random random, TimeSpan until)
    {
        List<Task> faults = [];
        while (timeline.Now < until)
        {
            faults.RemoveAll(static fault => fault.IsCompletedSuccessfully);
            if (faults.Count < AtOnce)
            {
                faults.Add(One(random, until));
                Count++;
            }

            await Wait(random, 1, 4, until);
        }

        await Task.WhenAll(faults);
    }

    private Task One(Random random, TimeSpan until)
    {
        ClusterSilo silo = system.Silos[random.Next(system.Silos.Count)];
        ClusterSilo other = system.Silos[(system.Silos.ToList().IndexOf(silo) + 1 + random.Next(system.Silos.Count - 1)) % system.Silos.Count];
        ClusterNode node = system.Nodes[random.Next(system.Nodes.Count)];
        Random own = new(random.Next());
        return random.Next(12) switch
        {
            0 or 1 => Kill(silo),
            2 => Freeze(silo, own, until),
            3 => Cut(silo, [ClusterSystem.Store], own, until),
            4 => Cut(silo, [other.Name], own, until),
            5 => Cut(silo, [ClusterSystem.Store, .. system.Silos.Where(one => one != silo).Select(static one => one.Name)], own, until),
            6 => Cut(silo, [node.Name], own, until),
            7 => Outage(own, until),
            8 => KillNode(node, own, until),
            9 => Cut(silo, [ClusterSystem.MediaOf(node.Name)], own, until),
            10 => Cut(silo, [node.Name, ClusterSystem.MediaOf(node.Name)], own, until),
            _ => Drain(silo, other, own),
        };
    }

    private Task Kill(ClusterSilo silo)
    {
        timeline.Record($"kill -9 {Name(silo)}");
        silo.Signal(Processes.KillSignal);
        return Task.CompletedTask;
    }

    private async Task Freeze(ClusterSilo silo, Random random, TimeSpan until)
    {
        int pid = silo.Pid;
        TimeSpan from = timeline.Record($"SIGSTOP {Name(silo)}");
        Excuse excuse = judge.Allow(new Excuse(null, pid, from, "frozen"));
        Processes.TrySignal(pid, ChildProgram.Freeze);
        await Wait(random, 2, 15, until);
        Processes.TrySignal(pid, ChildProgram.Thaw);
        excuse.To = timeline.Record($"SIGCONT {silo.Name} ({pid})") + Aftermath;
    }

    private async Task Cut(ClusterSilo silo, string[] from, Random random, TimeSpan until)
    {
        // A silo that is started again meanwhile is cut off too: what counts is its process, and the others'.
        string[] parts = [silo.Name, .. from];
        TimeSpan at = timeline.Record($"cut {Name(silo)} from {string.Join(", ", from)}");
        Excuse[] excuses = [.. system.Silos.Where(one => parts.Contains(one.Name)).Select(one => judge.Allow(new Excuse(null, one.Pid, at, "cut off")))];
        Array.ForEach(from, part => system.Network.Cut(silo.Name, part));
        await Wait(random, 2, 12, until);
        Array.ForEach(from, part => system.Network.Mend(silo.Name, part));
        TimeSpan mended = timeline.Record($"mended {silo.Name} to {string.Join(", ", from)}");
        Array.ForEach(excuses, excuse => excuse.To = mended + Aftermath);
    }

    private async Task Outage(Random random, TimeSpan until)
    {
        if (Interlocked.Exchange(ref _outages, 1) == 1)
        {
            return;
        }

        timeline.Record("SIGSTOP store");
        system.Database.Freeze();
        await Wait(random, 2, longestOutage.TotalSeconds, until);
        system.Database.Thaw();
        timeline.Record("SIGCONT store");
        Interlocked.Exchange(ref _outages, 0);
    }

    private async Task KillNode(ClusterNode node, Random random, TimeSpan until)
    {
        if (node.Server is null)
        {
            return; // It is being started again.
        }

        timeline.Record($"kill -9 media server {node.Name}");
        await node.Kill();
        await Wait(random, 0.3, 3, until);
        await node.Start();
        timeline.Record($"media server {node.Name} started");
    }

    private async Task Drain(ClusterSilo silo, ClusterSilo by, Random random)
    {
        int pid = silo.Pid;
        bool isSignal = random.Next(2) == 0;
        TimeSpan from = timeline.Record($"drain {Name(silo)} by {(isSignal ? "SIGTERM" : $"the API of {by.Name}")}");
        judge.Allow(new Excuse(null, pid, from, "drained")); // Until its process ends, and its pid is no other's.
        if (isSignal)
        {
            Processes.TrySignal(pid, ChildProgram.Terminate);
            return;
        }

        try
        {
            using HttpResponseMessage answer = await by.Api.PostAsync(new Uri($"/v1/silos/{silo.Name}/drain", UriKind.Relative), null);
            timeline.Record($"the drain of {silo.Name} was answered with {(int)answer.StatusCode}");
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            timeline.Record($"the drain of {silo.Name} was not answered");
        }
    }

    /// <summary>The time that a fault lasts is the fault's own: nothing is waited for.</summary>
    private async Task Wait(Random random, double shortest, double longest, TimeSpan until)
    {
        TimeSpan wanted = TimeSpan.FromSeconds(shortest + (random.NextDouble() * (longest - shortest)));
        TimeSpan left = until - timeline.Now;
        await Task.Delay(left < wanted ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : wanted);
    }

    private static string Name(ClusterSilo silo) => $"{silo.Name} ({silo.Pid})";
}

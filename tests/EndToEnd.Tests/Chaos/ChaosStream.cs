using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;
using Streams.Testing.Cluster;

namespace Streams.EndToEnd.Tests;

/// <summary>One stream of a cluster: its publishers come, go and take over, operators command it; and what must be true of it is remembered.</summary>
internal sealed class ChaosStream(string id, ClusterSystem system, ClusterPublishers publishers, ChaosJudge judge, ChaosTimeline timeline)
{
    /// <summary>How long a planned change may take that was acknowledged.</summary>
    private static readonly TimeSpan ChangeTakes = TimeSpan.FromSeconds(12);

    /// <summary>A command whose entry cannot be saved within a second is acknowledged without it: its store hangs.</summary>
    private static readonly TimeSpan EntryLimit = TimeSpan.FromSeconds(0.9);

    /// <summary>How soon nobody listens at a port.</summary>
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(1);

    /// <summary>A history with so many entries loses its first ones: those that were written first, which are not the oldest where two silos wrote.</summary>
    private const int MaxEntries = 100;

    /// <summary>How much later a command may take effect that was not.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(45);

    private static readonly string[] Profiles = ["passthrough", "second"];

    private readonly HashSet<string> _entries = [];
    private readonly ConcurrentQueue<(DateTimeOffset Sent, DateTimeOffset Answered)> _restarts = new();
    private bool _isUncertain;
    private HashSet<bool> _held = [false];
    private HashSet<string> _profiles = ["passthrough"];
    private ChildProgram? _publisher;
    private ChildProgram? _rival;

    public string Id => id;

    /// <summary>How many commands were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>How many were not, and may have been carried out or not.</summary>
    public int Uncertain { get; private set; }

    /// <summary>How commands were answered: status codes, not sent, or none.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new();

    /// <summary>Entries of its history that were shown.</summary>
    public int Entries => _entries.Count;

    /// <summary>Publishes, ends and takes over at random, until a time; half of the streams end with a publisher.</summary>
    public async Task Publish(Random random, TimeSpan until)
    {
        while (timeline.Now < until)
        {
            await Act(random);
            await Wait(random, 1, 9, until);
        }

        if (random.Next(2) == 0 && _publisher is not { HasEnded: false })
        {
            await Begin(system.Nodes[random.Next(system.Nodes.Count)], "");
        }
    }

    /// <summary>Commands it once, by a silo.</summary>
    public async Task Command(Random random)
    {
        ClusterSilo silo = system.Silos[random.Next(system.Silos.Count)];
        switch (random.Next(10))
        {
            case < 2:
                await Order("stop", silo, held: true, profile: null);
                break;
            case < 5:
                await Order("resume", silo, held: false, profile: null);
                break;
            case < 8:
                await Order("restart", silo, held: false, profile: null);
                break;
            default:
                await Order("profile", silo, held: null, Profiles[random.Next(Profiles.Length)]);
                break;
        }
    }

    /// <summary>Reads its history, and remembers what it shows; an entry that was shown and is gone is lost, but for those that made place for later ones.</summary>
    public async Task ReadHistory()
    {
        JsonElement? history = null;
        try
        {
            history = await system.Ask($"/v1/streams/{id}/history");
        }
        catch (HttpRequestException)
        {
            // The database is away.
        }

        if (history is not { } read || read.GetProperty("entries").GetArrayLength() == 0)
        {
            return;
        }

        string[] shown = [.. read.GetProperty("entries").EnumerateArray().Select(static entry =>
            $"{entry.GetProperty("at").GetDateTimeOffset():O} {entry.GetProperty("what").GetString()} {entry.GetProperty("generation").GetInt64()}")];
        string oldest = shown.Min(StringComparer.Ordinal)!;
        FindRestarts(read);
        foreach (string lost in shown.Length < MaxEntries ? _entries.Except(shown).Where(entry => string.CompareOrdinal(entry, oldest) > 0).ToArray() : [])
        {
            judge.Add(new Violation(timeline.Now, id, $"an entry of the history that was shown is lost: {lost}"));
            _entries.Remove(lost);
        }

        _entries.UnionWith(shown);
    }

    /// <summary>A restart that was acknowledged stands in the history from then on, whatever happens to the silo that answered.</summary>
    private void FindRestarts(JsonElement history)
    {
        DateTimeOffset[] found = [.. history.GetProperty("entries").EnumerateArray()
            .Where(static entry => entry.GetProperty("what").GetString() == "Restart").Select(static entry => entry.GetProperty("at").GetDateTimeOffset())];
        DateTimeOffset oldest = history.GetProperty("entries").EnumerateArray().Min(static entry => entry.GetProperty("at").GetDateTimeOffset());
        for (int left = _restarts.Count; left > 0 && _restarts.TryDequeue(out (DateTimeOffset Sent, DateTimeOffset Answered) restart); left--)
        {
            if (restart.Sent > oldest && !found.Any(at => at >= restart.Sent && at <= restart.Answered))
            {
                judge.Add(new Violation(timeline.Now, id, $"the restart that was acknowledged between {restart.Sent:O} and {restart.Answered:O} is not in the history"));
            }
        }
    }

    /// <summary>Checks what was acknowledged against what the stream is, and goes on from there.</summary>
    public void CheckCommands(JsonElement status)
    {
        bool isHeld = status.GetProperty("isHeld").GetBoolean();
        string profile = status.GetProperty("profile").GetString()!;
        if (!_held.Contains(isHeld))
        {
            judge.Add(new Violation(timeline.Now, id, $"a command that was acknowledged is lost: isHeld is {isHeld}"));
        }

        if (!_profiles.Contains(profile))
        {
            judge.Add(new Violation(timeline.Now, id, $"a profile that was acknowledged is lost: it is {profile}, not {string.Join(" or ", _profiles)}"));
        }

        (_held, _profiles, _isUncertain) = ([isHeld], [profile], false);
    }

    private async Task Act(Random random)
    {
        ClusterNode node = system.Nodes[random.Next(system.Nodes.Count)];
        if (_publisher is not { HasEnded: false })
        {
            await Begin(node, "");
            return;
        }

        switch (random.Next(10))
        {
            case < 2:
                timeline.Record("publisher killed", id);
                _publisher.Signal(Processes.KillSignal);
                break;
            case < 3:
                timeline.Record("publisher ended", id);
                _publisher.Signal(ChildProgram.Interrupt);
                break;
            case < 5:
                await Begin(node, ", beside the former publisher");
                break;
        }
    }

    private async Task Begin(ClusterNode node, string beside)
    {
        _rival?.Signal(Processes.KillSignal);
        if (node.Server is null)
        {
            return;
        }

        try
        {
            ChildProgram started = await publishers.Start(id, node);
            timeline.Record($"publisher at {node.Name}{beside}", id);
            (_rival, _publisher) = (_publisher, started);
        }
        catch (InvalidOperationException)
        {
            // The media server was killed meanwhile.
        }
    }

    private async Task Order(string what, ClusterSilo silo, bool? held, string? profile)
    {
        DateTimeOffset sentAt = TimeProvider.System.GetUtcNow();
        TimeSpan sent = timeline.Record($"{what} {profile} by {silo.Name}", id);
        Excuse? excuse = what is "restart" or "profile" ? judge.Allow(new Excuse(id, null, sent, what)) : null;
        HttpStatusCode? code = null;
        bool isRefused = false;
        bool isRunning = true;
        try
        {
            using HttpResponseMessage answer = profile is null
                ? await silo.Api.PostAsync(new Uri($"/v1/streams/{id}/{what}", UriKind.Relative), null)
                : await silo.Api.PutAsJsonAsync($"/v1/streams/{id}/profile", new { profile });
            code = answer.StatusCode;
            isRunning = !answer.IsSuccessStatusCode || JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("phase").GetString() == "Running";
        }
        catch (HttpRequestException down) when (down.HttpRequestError == HttpRequestError.ConnectionError && TimeProvider.System.GetUtcNow() - sentAt < RefusedWithin)
        {
            isRefused = true; // It was not sent. Later than that the client may have sent it to a silo that was frozen, and once more to one that had ended.
        }
        catch (Exception unknown) when (unknown is HttpRequestException or OperationCanceledException)
        {
            // Whether it was carried out is open.
        }

        timeline.Record($"{what} {profile} answered with {(int?)code}", id);
        Answers.AddOrUpdate(code is { } answered ? $"{(int)answered}" : isRefused ? "not sent" : "none", 1, static (_, before) => before + 1);
        bool isDone = code == HttpStatusCode.OK;
        DateTimeOffset answeredAt = TimeProvider.System.GetUtcNow();
        if (isDone && what == "restart" && answeredAt - sentAt < EntryLimit)
        {
            _restarts.Enqueue((sentAt, answeredAt));
        }

        isRefused |= code is HttpStatusCode.NotFound or HttpStatusCode.Conflict;
        if (excuse is not null)
        {
            excuse.To = timeline.Now + (isDone ? ChangeTakes : isRefused ? TimeSpan.Zero : Late);
        }

        if (isRefused)
        {
            return;
        }

        Acknowledged += isDone ? 1 : 0;
        Uncertain += isDone ? 0 : 1;
        _isUncertain |= !isDone; // It may still be carried out, after what is acknowledged later.
        _held = held is not { } now ? _held : isDone && !_isUncertain ? [now] : [.. _held, now];

        // A planned change that fails leaves the former profile, and says so.
        _profiles = profile is null ? _profiles : isDone && !isRunning && !_isUncertain ? [profile] : [.. _profiles, profile];
    }

    /// <summary>The time between two acts is the script's own: it waits for nothing.</summary>
    private async Task Wait(Random random, double shortest, double longest, TimeSpan until)
    {
        TimeSpan wanted = TimeSpan.FromSeconds(shortest + (random.NextDouble() * (longest - shortest)));
        TimeSpan left = until - timeline.Now;
        await Task.Delay(left < wanted ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : wanted);
    }
}

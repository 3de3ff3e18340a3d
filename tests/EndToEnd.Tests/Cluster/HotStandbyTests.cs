using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;
using Streams.Testing.Cluster;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A second worker that waits on another silo, and steps in when the output's source is gone; three silos, real workers and a real reader.</summary>
public sealed class HotStandbyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _id = TestStream.NewId("hot");
    private readonly string _slates = Directory.CreateTempSubdirectory("streams-slates-").FullName;
    private ClusterSystem? _system;
    private ClusterPublishers? _publishers;
    private ChildProgram? _publisher;
    private ChildProgram? _reader;
    private string _readerId = "";

    private ClusterSystem System => _system!;

    private MediaServer Media => System.Node("a").Server!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { _reader, _publishers, _system })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        Directory.Delete(_slates, recursive: true);
    }

    [Theory]
    [OnBothServers(false)]
    [OnBothServers(true)]
    public async Task It_steps_in_for_a_silo_that_is_killed_by_itself(MediaServerKind kind, bool asksStreams)
    {
        await Start(kind, asksStreams: asksStreams);
        JsonElement before = await WaitForStandby();
        (long standby, ClusterSilo victim) = (StandbyOf(before), SiloOf(before.GetProperty("generation").GetInt64()));
        ClusterSilo its = SiloOf(standby);
        string former = await SourceOf();
        await using ChildProgram pictures = ChildProgram.Start("ffmpeg", ["-hide_banner", "-nostdin", "-rtsp_transport", "tcp", "-i", Media.Rtsp($"live/{_id}/out"), "-an", "-vf", "showinfo", "-f", "null", "-"]);
        await Eventually.True(() => Pictures(pictures) > 5, "pictures", Patience);
        long killed = Stopwatch.GetTimestamp();
        victim.Signal(Processes.KillSignal);
        await Eventually.Get(Output, path => path.GetProperty("online").GetBoolean() && path.GetProperty("source").GetProperty("id").GetString() != former, "another source of the output", Patience);
        TimeSpan onTheAir = Stopwatch.GetElapsedTime(killed);
        int shown = Pictures(pictures);
        await Eventually.True(() => Pictures(pictures) > shown, "another picture", Patience);
        TestContext.Current.SendDiagnosticMessage($"A picture was shown again after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.00} s, a key frame comes every second.");
        TestContext.Current.SendDiagnosticMessage($"The standby of a killed silo was on the air after {onTheAir.TotalSeconds:0.00} s.");

        JsonElement after = await WaitForRun(standby);
        Assert.Equal(StandbyPid(before), after.GetProperty("worker").GetProperty("pid").GetInt32());
        await AssertServed();
        Assert.Contains("StandbySteppedIn", await Happened());
        Assert.Contains(its.Program.Lines, static line => line.Contains("this run steps in", StringComparison.Ordinal)); // By itself: its stream had not told it to.
        Assert.NotEqual(standby, StandbyOf(await WaitForStandby()));
        await AssertServed();
    }

    [Theory, OnBothServers]
    public async Task The_audience_stays_through_its_own_end_the_death_of_a_worker_a_restart_and_it_ends_with_the_stream(MediaServerKind kind)
    {
        await Start(kind);
        JsonElement first = await WaitForStandby();
        string source = await SourceOf();
        SiloOf(StandbyOf(first)).Signal(Processes.KillSignal);
        JsonElement second = await WaitForStandby(after: StandbyOf(first));
        Assert.Equal((1, first.GetProperty("worker").GetProperty("pid").GetInt32()), (second.GetProperty("generation").GetInt64(), second.GetProperty("worker").GetProperty("pid").GetInt32()));
        Assert.Equal(source, await SourceOf());
        await AssertServed();

        Processes.Signal(second.GetProperty("worker").GetProperty("pid").GetInt32(), Processes.KillSignal);
        await WaitForRun(StandbyOf(second));
        await AssertServed();
        JsonElement third = await WaitForStandby(after: StandbyOf(second));

        await System.Silos[0].Api.PostAsync(new Uri($"/v1/streams/{_id}/restart", UriKind.Relative), null, TestContext.Current.CancellationToken);
        JsonElement restarted = await Eventually.Get(Status, status => status.GetProperty("phase").GetString() == "Running" && status.GetProperty("generation").GetInt64() > StandbyOf(third), "the restarted run", Patience);
        await AssertServed();
        JsonElement fourth = await WaitForStandby(after: restarted.GetProperty("generation").GetInt64());
        Assert.Equal(restarted.GetProperty("generation").GetInt64(), fourth.GetProperty("generation").GetInt64());
        Assert.Equal([fourth.GetProperty("generation").GetInt64(), StandbyOf(fourth)], WorkerLooks.Of(_id).Select(static worker => worker.Marker.Generation).Order());

        Assert.DoesNotContain("StandbyUnavailable", await Happened()); // Never for longer than a change of workers takes.
        _publisher!.Signal(ChildProgram.Interrupt);
        await Eventually.Get(Status, static status => status.GetProperty("phase").GetString() == "Offline", "the stream offline", Patience);
        await Eventually.True(() => WorkerLooks.Of(_id).Count == 0, "both workers gone");
        await Eventually.Get(SidePaths, static paths => paths.Length == 0, "no path of a single run left", Patience);
    }

    [Theory, OnBothServers]
    public async Task A_silo_that_is_frozen_goes_on_publishing_until_the_others_declare_it_dead(MediaServerKind kind)
    {
        await Start(kind);
        JsonElement before = await WaitForStandby();
        (long standby, ClusterSilo victim, ClusterSilo its) = (StandbyOf(before), SiloOf(before.GetProperty("generation").GetInt64()), SiloOf(StandbyOf(before)));
        victim.Signal(ChildProgram.Freeze);
        try
        {
            await WaitForRun(standby);
            await AssertServed();
            Assert.DoesNotContain(its.Program.Lines, static line => line.Contains("this run steps in", StringComparison.Ordinal)); // There was a source all the time.
        }
        finally
        {
            victim.Signal(ChildProgram.Thaw);
        }

        JsonElement after = await WaitForStandby(after: standby);
        await Eventually.True(
            () => WorkerLooks.Of(_id).Select(static worker => worker.Marker.Generation).Order().SequenceEqual([standby, StandbyOf(after)]), "the present run and its standby, and no other", Patience);
        await AssertServed();
    }

    [Theory, OnBothServers]
    public async Task It_takes_the_output_over_from_a_silo_that_is_drained_and_no_third_run_starts_for_that(MediaServerKind kind)
    {
        await Start(kind);
        JsonElement before = await WaitForStandby();
        (long standby, ClusterSilo drained) = (StandbyOf(before), SiloOf(before.GetProperty("generation").GetInt64()));
        await using WorkerWatch watch = new(_id.Equals);
        await Eventually.True(() => watch.Looks > 2, "a look at the worker");
        drained.Signal(ChildProgram.Terminate);
        JsonElement after = await WaitForRun(standby);
        Assert.Equal(StandbyPid(before), after.GetProperty("worker").GetProperty("pid").GetInt32());
        Assert.Equal(0, await drained.Program.WaitForEnd());
        await AssertServed();
        Assert.Empty(watch.Missing);
        Assert.Equal([standby, StandbyOf(await WaitForStandby(after: standby))], WorkerLooks.Of(_id).Select(static worker => worker.Marker.Generation).Order());
        Assert.DoesNotContain("StandbySteppedIn", await Happened()); // It was told to.
    }

    [Fact]
    public async Task It_makes_room_for_a_stream_that_would_wait_and_comes_back_when_there_is_room_again()
    {
        await Start(MediaServerKind.Standin, silos: 2, asksStreams: false, ("Streams__Workers__MaxWorkers", "1"));
        JsonElement before = await WaitForStandby();
        string other = TestStream.NewId("first");
        ChildProgram publisher = await _publishers!.Start(other, System.Node("a"));
        await _publishers.WaitForOutput(other, Patience);
        JsonElement without = await Eventually.Get(
            Status, static status => status.TryGetProperty("standby", out JsonElement standby) && standby.GetProperty("state").GetString() == "Unavailable", "no standby", Patience);
        Assert.Equal(before.GetProperty("worker").GetProperty("pid").GetInt32(), without.GetProperty("worker").GetProperty("pid").GetInt32());
        await Eventually.Get(
            Status, static status => status.GetProperty("standby").GetProperty("reason").GetString() == "no other silo has profile 'passthrough' and a free slot for it", "the reason", Patience);
        publisher.Signal(ChildProgram.Interrupt);
        await WaitForStandby(after: StandbyOf(before));
        await AssertServed();
    }

    [Fact]
    public async Task A_stream_can_have_one_or_none_whatever_its_profile_says()
    {
        await Start(MediaServerKind.Standin, silos: 2, asksStreams: false, ("Streams__Workers__Profiles__passthrough__Standby", "None"));
        await Choose("Hot");
        JsonElement with = await WaitForStandby();
        Assert.Equal("Hot", with.GetProperty("standbyChoice").GetString());
        await Choose("None");
        await Eventually.Get(Status, static status => !status.TryGetProperty("standby", out _), "no standby", Patience);
        await Eventually.Get(SidePaths, static paths => paths.Length == 0, "no path of a standby", Patience);
        await Choose("Hot");
        await WaitForStandby(after: StandbyOf(with));
        await Choose(null);
        JsonElement without = await Eventually.Get(Status, static status => !status.TryGetProperty("standby", out _), "no standby", Patience);
        Assert.False(without.TryGetProperty("standbyChoice", out _), "A choice was left.");
        Assert.Equal(with.GetProperty("worker").GetProperty("pid").GetInt32(), without.GetProperty("worker").GetProperty("pid").GetInt32());
        Assert.Equal(4, (await Happened()).Count(static what => what == "StandbyChosen"));
        await AssertServed();
    }

    private async Task Choose(string? standby) =>
        (await System.Silos[0].Api.PutAsJsonAsync($"/v1/streams/{_id}/standby", new { standby })).EnsureSuccessStatusCode().Dispose();

    private async Task Start(MediaServerKind kind, int silos = 3, bool asksStreams = false, params (string Name, string Value)[] settings)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        Assert.SkipUnless(MediaServerVersion.Of(new MediaServerOptions { Kind = kind }).HasAvailableHooks, "This version cannot keep outputs.");
        _system = await ClusterSystem.Start(new ClusterOptions
        {
            Kind = kind,
            Silos = silos,
            AsksStreams = asksStreams,
            Nodes = ["a"],
            Settings = settings.Append(("Streams__Workers__Profiles__passthrough__Standby", "Hot")).Append(("Streams__Continuity__Mode", "Keep")).Append(("Streams__Continuity__SlateFolder", _slates))
                .DistinctBy(static setting => setting.Item1).ToDictionary(static setting => setting.Item1, static setting => setting.Item2),
        });
        _publishers = new ClusterPublishers(_system);
        _publisher = await _publishers.Start(_id, System.Node("a"));
        await _publishers.WaitForOutput(_id, Patience);
        _reader = TestStream.ReadRtsp(Media.Rtsp($"live/{_id}/out"));
        _readerId = (await Eventually.Get(ReadersOf, static readers => readers.Length == 1, "a reader", Patience))[0];
    }

    private async Task<JsonElement> Status() => await System.Status(_id) ?? throw new InvalidOperationException("The stream is unknown.");

    private Task<JsonElement> WaitForStandby(long after = 0) => Eventually.Get(
        Status, status => status.TryGetProperty("standby", out JsonElement standby) && standby.GetProperty("state").GetString() == "Ready" && standby.GetProperty("generation").GetInt64() > after, "a standby that is ready", Patience);

    private Task<JsonElement> WaitForRun(long generation) => Eventually.Get(
        Status, status => status.GetProperty("phase").GetString() == "Running" && status.GetProperty("generation").GetInt64() == generation, $"run {generation} on the air", Patience);

    private static long StandbyOf(JsonElement status) => status.GetProperty("standby").GetProperty("generation").GetInt64();

    private static int StandbyPid(JsonElement status) => status.GetProperty("standby").GetProperty("workerPid").GetInt32();

    private ClusterSilo SiloOf(long generation) => System.SiloOf(WorkerLooks.Of(_id).Single(worker => worker.Marker.Generation == generation).Marker)!;

    /// <summary>How many pictures a reader has decoded.</summary>
    private static int Pictures(ChildProgram reader) => reader.Lines.Count(static line => line.Contains(" n:", StringComparison.Ordinal) && line.Contains("showinfo", StringComparison.Ordinal));

    private async Task<string[]> Happened() =>
        [.. (await System.Ask($"/v1/streams/{_id}/history"))!.Value.GetProperty("entries").EnumerateArray().Select(static entry => entry.GetProperty("what").GetString()!)];

    private async Task<JsonElement> Output() => await Media.Api.GetFromJsonAsync<JsonElement>($"/v3/paths/get/live/{_id}/out");

    private async Task<string> SourceOf() => (await Output()).GetProperty("source").GetProperty("id").GetString()!;

    private async Task<string[]> ReadersOf() => [.. (await Output()).GetProperty("readers").EnumerateArray().Select(static reader => reader.GetProperty("id").GetString()!)];

    private async Task<string[]> SidePaths() =>
    [
        .. (await Media.Api.GetFromJsonAsync<JsonElement>("/v3/config/paths/list")).GetProperty("items").EnumerateArray()
            .Select(static path => path.GetProperty("name").GetString()!).Where(path => path.StartsWith($"live/{_id}/w", StringComparison.Ordinal)),
    ];

    /// <summary>The reader from before is there, and gets what is published now.</summary>
    private async Task AssertServed()
    {
        JsonElement now = await Eventually.Get(Output, static path => path.GetProperty("online").GetBoolean(), "the output online");
        long sent = now.GetProperty("outboundBytes").GetInt64();
        await Eventually.Get(Output, path => path.GetProperty("online").GetBoolean() && path.GetProperty("outboundBytes").GetInt64() > sent + 20_000, "the output sent");
        Assert.Contains(_readerId, await ReadersOf());
        Assert.False(_reader!.HasEnded, _reader.Output);
    }
}

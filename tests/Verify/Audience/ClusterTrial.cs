using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;
using Streams.Testing.Cluster;

namespace Streams.Verify.Audience;

/// <summary>A cluster's stream with its audience, whose silo is taken away in several ways.</summary>
internal sealed class ClusterTrial : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly ClusterSystem _system;
    private readonly AudienceInput _input;
    private readonly string? _profile;
    private readonly string _id;
    private readonly Audience _audience;
    private readonly ChildProgram _publisher;
    private bool _isDisposed;

    private ClusterTrial(ClusterSystem system, AudienceInput input, string? profile, string id)
    {
        (_system, _input, _profile, _id) = (system, input, profile, id);
        MediaServer media = system.Nodes[0].Server!;
        _audience = new Audience(media, new Uri(system.Silos[^1].Api.BaseAddress!, $"/streams/{id}"), $"live/{id}/out", input.KeyFrames);
        _publisher = ChildProgram.Start("ffmpeg", input.Publish(media.Rtmp($"live/{id}/in")));
    }

    /// <summary>Publishes the stream, and lets the audience in.</summary>
    public static async Task<ClusterTrial> Begin(ClusterSystem system, AudienceInput input, string? profile, string id)
    {
        if (profile is not null)
        {
            (await system.Silos[^1].Api.PutAsJsonAsync(new Uri($"/v1/streams/{id}/profile", UriKind.Relative), new { profile })).EnsureSuccessStatusCode().Dispose();
        }

        ClusterTrial trial = new(system, input, profile, id);
        try
        {
            await trial.WaitUntilWhole();
            await trial._audience.LetIn();
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings a fault about, and says what the audience saw of it.</summary>
    public async Task<FaultResult> Run(ClusterFault fault)
    {
        try
        {
            await WaitUntilWhole();
            (TimeSpan unknown, IReadOnlyList<ReaderVerdict> verdicts) = await _audience.Watch(() => fault.Cause(this));
            return new FaultResult(fault.Name, _input, _input.KeyFrames + fault.Extra + unknown, verdicts);
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            return new FaultResult(fault.Name, _input, TimeSpan.Zero, [], failed.Message);
        }
    }

    /// <summary>The silo is told to end, as before an update.</summary>
    public async Task<TimeSpan> Drain()
    {
        (SeenWorker present, ClusterSilo silo) = await Present();
        silo.Signal(ChildProgram.Terminate);
        await WaitForRunAfter(present);
        return TimeSpan.Zero;
    }

    /// <summary>The silo is killed, and its workers with it. Until the others start the next one, nobody could do anything.</summary>
    public async Task<TimeSpan> Kill()
    {
        (SeenWorker present, ClusterSilo silo) = await Present();
        long killed = Stopwatch.GetTimestamp();
        silo.Signal(Processes.KillSignal);
        await Until(() => WorkerLooks.Of(_id).Any(worker => worker.Marker.Generation > present.Marker.Generation), "the next worker");
        TimeSpan unknown = Stopwatch.GetElapsedTime(killed);
        await WaitForRunAfter(present);
        return unknown;
    }

    /// <summary>The silo is killed while another has a standby, which asks nobody.</summary>
    public async Task<TimeSpan> KillBesideStandby()
    {
        (SeenWorker present, ClusterSilo silo) = await Present();
        silo.Signal(Processes.KillSignal);
        await WaitForRunAfter(present);
        return TimeSpan.Zero;
    }

    /// <summary>The silo hangs, and its worker goes on until the others have declared it dead.</summary>
    public async Task<TimeSpan> Freeze()
    {
        (SeenWorker present, ClusterSilo silo) = await Present();
        silo.Signal(ChildProgram.Freeze);
        try
        {
            await WaitForRunAfter(present);
        }
        finally
        {
            silo.Signal(ChildProgram.Thaw);
        }

        return TimeSpan.Zero;
    }

    /// <summary>Ends publisher and audience; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _audience.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private async Task<(SeenWorker Worker, ClusterSilo Silo)> Present()
    {
        long generation = (await Status())!.Value.GetProperty("generation").GetInt64();
        SeenWorker worker = WorkerLooks.Of(_id).Single(worker => worker.Marker.Generation == generation);
        return (worker, _system.SiloOf(worker.Marker) ?? throw new InvalidOperationException("The worker is of no silo."));
    }

    private Task<JsonElement?> Status() => _system.Status(_id);

    private async Task WaitForRunAfter(SeenWorker former) => await Eventually.Get(
        Status, status => status is { } now && IsRunning(now) && now.GetProperty("generation").GetInt64() > former.Marker.Generation, "the next run on the air", Patience);

    /// <summary>All silos are there, the worker is steady, and a standby is ready where one is wanted.</summary>
    private async Task WaitUntilWhole()
    {
        await _system.WaitForSilos(Patience);
        await Eventually.Get(
            Status,
            status => status is { } now && IsRunning(now) && (_profile is null || (now.TryGetProperty("standby", out JsonElement standby) && standby.GetProperty("state").GetString() == "Ready")),
            "the stream whole",
            Patience);
    }

    private static bool IsRunning(JsonElement status) => status.GetProperty("phase").GetString() == "Running" && status.TryGetProperty("output", out _);

    private static async Task Until(Func<bool> isSo, string what)
    {
        for (long begun = Stopwatch.GetTimestamp(); !isSo(); await Task.Delay(Look))
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}");
            }
        }
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;

namespace Streams.Verify.Audience;

/// <summary>A stream with its audience, which goes through one change after the other.</summary>
internal sealed class AudienceTrial : IAsyncDisposable
{
    /// <summary>A chosen profile is tried again beside its fallback after 10 s, then 20 s, and proves itself for 10 s.</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(90);

    private readonly StreamsSystem _system;
    private readonly AudienceInput _input;
    private readonly DubProfile _dub;
    private readonly string _id;
    private readonly Audience _audience;
    private ChildProgram _publisher;
    private bool _isDisposed;

    private AudienceTrial(StreamsSystem system, AudienceInput input, DubProfile dub, string id)
    {
        (_system, _input, _dub, _id) = (system, input, dub, id);
        _audience = new Audience(system.Media, new Uri(system.Api.BaseAddress!, $"/streams/{id}"), $"live/{id}/out", input.KeyFrames);
        _publisher = Publish();
    }

    /// <summary>Publishes the stream, and lets the audience in.</summary>
    /// <param name="system">Where.</param>
    /// <param name="input">What.</param>
    /// <param name="dub">A profile for changes of profile.</param>
    /// <param name="id">The stream's id.</param>
    public static async Task<AudienceTrial> Begin(StreamsSystem system, AudienceInput input, DubProfile dub, string id)
    {
        AudienceTrial trial = new(system, input, dub, id);
        try
        {
            await system.WaitForFrames(id);
            await trial._audience.LetIn();
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings a change about, and says what the audience saw of it.</summary>
    public async Task<FaultResult> Run(Fault fault)
    {
        try
        {
            (TimeSpan outage, IReadOnlyList<ReaderVerdict> verdicts) = await _audience.Watch(() => fault.Cause(this));
            return new FaultResult(fault.Name, _input, fault.Limit(_input.KeyFrames, outage), verdicts);
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            return new FaultResult(fault.Name, _input, TimeSpan.Zero, [], failed.Message);
        }
    }

    public async Task<TimeSpan> KillWorker()
    {
        JsonElement status = await WaitUntilSteady();
        Processes.Signal(StreamsSystem.Pid(status), Processes.KillSignal);
        await _system.WaitForFrames(_id, Generation(status) + 1);
        return TimeSpan.Zero;
    }

    public async Task<TimeSpan> Restart()
    {
        long before = Generation(await Status());
        (await _system.Api.PostAsync(new Uri($"/v1/streams/{_id}/restart", UriKind.Relative), null)).EnsureSuccessStatusCode().Dispose();
        await _system.WaitForFrames(_id, before + 1);
        return TimeSpan.Zero;
    }

    public async Task<TimeSpan> ChangeProfile()
    {
        long before = Generation(await Status());
        (await _system.Api.PutAsJsonAsync(new Uri($"/v1/streams/{_id}/profile", UriKind.Relative), new { profile = DubProfile.Name })).EnsureSuccessStatusCode().Dispose();
        await _system.WaitForFrames(_id, before + 1);
        return TimeSpan.Zero;
    }

    /// <summary>Another publisher takes the input over; the former is disconnected.</summary>
    public async Task<TimeSpan> TakeOver()
    {
        long before = Generation(await Status());
        await using ChildProgram former = _publisher;
        _publisher = Publish();
        await _system.WaitForFrames(_id, before + 1);
        return TimeSpan.Zero;
    }

    /// <summary>The publisher's connection breaks, and it comes back after a time.</summary>
    public async Task<TimeSpan> Leave(TimeSpan time)
    {
        long before = Generation(await Status());
        DateTimeOffset left = TimeProvider.System.GetUtcNow();
        _publisher.Signal(Processes.KillSignal); // One that is asked to end sends first what its encoder holds, all at once.
        await _publisher.WaitForEnd();
        await Task.Delay(time);
        await _publisher.DisposeAsync();
        _publisher = Publish();
        JsonElement input = await _system.WaitForPath($"live/{_id}/in", static path => path.GetProperty("available").GetBoolean(), "available again");
        await _system.WaitForFrames(_id, before + 1);
        return input.GetProperty("availableTime").GetDateTimeOffset() - left;
    }

    public async Task<TimeSpan> KillSilo()
    {
        long before = Generation(await Status());
        long killed = TimeProvider.System.GetTimestamp();
        await _system.KillSilo();
        await _system.StartSilo();
        TimeSpan outage = TimeProvider.System.GetElapsedTime(killed);
        await _system.WaitForFrames(_id, before + 1);
        return outage;
    }

    /// <summary>The worker of the chosen profile is killed, and cannot be started again.</summary>
    public async Task<TimeSpan> FallBack()
    {
        JsonElement status = await WaitUntilSteady();
        _dub.Break();
        Processes.Signal(StreamsSystem.Pid(status), Processes.KillSignal);
        await WaitFor(static now => now.TryGetProperty("fallback", out _) && StreamsSystem.Frames(now) > 0, "on its fallback", null);
        return TimeSpan.Zero;
    }

    /// <summary>The chosen profile can be started again, and is.</summary>
    public async Task<TimeSpan> Return()
    {
        _dub.Mend();
        await WaitFor(static now => !now.TryGetProperty("fallback", out _) && !now.TryGetProperty("change", out _) && StreamsSystem.Frames(now) > 0, "with its own profile again", ReturnLimit);
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

    private ChildProgram Publish() => ChildProgram.Start("ffmpeg", _input.Publish(_system.Media.Rtmp($"live/{_id}/in")));

    private async Task<JsonElement> Status() => (await _system.Status(_id))!.Value;

    private static long Generation(JsonElement status) => status.GetProperty("generation").GetInt64();

    private async Task<JsonElement> WaitFor(Func<JsonElement, bool> isSo, string what, TimeSpan? limit) => (await Eventually.Get<JsonElement?>(
        () => _system.Status(_id), status => status is { } now && now.GetProperty("phase").GetString() == "Running" && isSo(now), $"stream {_id} {what}", limit))!.Value;

    /// <summary>Its worker has run for so long that one that dies is replaced at once.</summary>
    private async Task<JsonElement> WaitUntilSteady()
    {
        JsonElement status = await Status();
        await Eventually.Get(
            () => _system.History(_id),
            entries => entries.Any(entry => entry.GetProperty("what").GetString() == "WorkerSteady" && entry.GetProperty("generation").GetInt64() == Generation(status)),
            $"the worker of {_id} steady");
        return status;
    }
}
